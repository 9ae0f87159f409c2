"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table('attempts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempts'))
    )
    op.create_index('ix_attempts_what', 'attempts', ['what', 'at'], unique=False)
    op.create_table('badge_designs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('described', sa.JSON(), nullable=False),
    sa.Column('logo', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_badge_designs'))
    )
    op.create_table('badge_looks',
    sa.Column('edition', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('shown', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('edition', 'kind', 'number', 'language', name=op.f('pk_badge_looks'))
    )
    op.create_table('categories',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('colour', sa.String(length=7), nullable=False),
    sa.Column('aliases', sa.JSON(), nullable=False),
    sa.Column('public', sa.Boolean(), nullable=False),
    sa.Column('approval', sa.Boolean(), nullable=False),
    sa.Column('group', sa.Boolean(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('assumed', sa.JSON(), nullable=False),
    sa.CheckConstraint('number between 1 and 255', name=op.f('ck_categories_one_byte')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_categories')),
    sa.UniqueConstraint('key', name=op.f('uq_categories_key')),
    sa.UniqueConstraint('number', name=op.f('uq_categories_number'))
    )
    op.create_table('changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.Column('verb', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_changes'))
    )
    op.create_index('ix_changes_subject', 'changes', ['subject', 'subject_id'], unique=False)
    op.create_table('choices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('folded', sa.String(length=160), nullable=True),
    sa.Column('listing', sa.String(length=40), nullable=False),
    sa.Column('format', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('order', sa.String(length=40), nullable=False),
    sa.Column('down', sa.Boolean(), nullable=False),
    sa.Column('people', sa.JSON(), nullable=False),
    sa.Column('paper', sa.JSON(), nullable=False),
    sa.Column('saved_by', sa.String(length=200), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_by', sa.String(length=200), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_choices')),
    sa.UniqueConstraint('folded', name=op.f('uq_choices_folded'))
    )
    op.create_table('circulars',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.JSON(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('people', sa.JSON(), nullable=False),
    sa.Column('with_badge', sa.Boolean(), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circulars'))
    )
    op.create_table('devices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('doors', sa.JSON(), nullable=False),
    sa.Column('kiosk', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=True),
    sa.Column('code_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('key', sa.String(length=64), nullable=True),
    sa.Column('paired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_devices')),
    sa.UniqueConstraint('code', name=op.f('uq_devices_code'))
    )
    op.create_table('entitlement_bits',
    sa.Column('bit', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('slot_key', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('bit', name=op.f('pk_entitlement_bits'))
    )
    op.create_table('erasure_yes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_key', sa.String(length=60), nullable=False),
    sa.Column('after', sa.Date(), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure_yes'))
    )
    op.create_table('event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('theme', sa.JSON(), nullable=False),
    sa.Column('place', sa.JSON(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('zone', sa.String(length=40), nullable=False),
    sa.Column('expected_people', sa.Integer(), nullable=True),
    sa.Column('expected_booths', sa.Integer(), nullable=True),
    sa.Column('places', sa.Integer(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('assumed', sa.JSON(), nullable=False),
    sa.Column('registration', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event')),
    sa.UniqueConstraint('key', name=op.f('uq_event_key'))
    )
    op.create_table('jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('wish', sa.JSON(), nullable=False),
    sa.Column('asked_by', sa.String(length=200), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('progress', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.String(length=200), nullable=False),
    sa.Column('failure', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs'))
    )
    op.create_index('ix_jobs_due', 'jobs', ['done_at', 'lease_until'], unique=False)
    op.create_table('lookups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lookups'))
    )
    op.create_table('mailbox_readings',
    sa.Column('mailbox', sa.String(length=64), nullable=False),
    sa.Column('validity', sa.BigInteger(), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failure', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('mailbox', name=op.f('pk_mailbox_readings'))
    )
    op.create_table('notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('purpose', 'version', name=op.f('uq_notices_purpose'))
    )
    op.create_table('parties',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('folded_name', sa.String(length=200), nullable=False),
    sa.Column('expected', sa.Integer(), nullable=True),
    sa.Column('contact_name', sa.String(length=120), nullable=False),
    sa.Column('contact_phone', sa.String(length=20), nullable=False),
    sa.Column('contact_email', sa.String(length=254), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parties')),
    sa.UniqueConstraint('folded_name', name=op.f('uq_parties_folded_name'))
    )
    op.create_table('rooms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('minutes_to', sa.JSON(), nullable=False),
    sa.Column('assumed', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rooms')),
    sa.UniqueConstraint('key', name=op.f('uq_rooms_key'))
    )
    op.create_table('staff',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('password', sa.String(length=200), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stamp', sa.String(length=16), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('email', name=op.f('uq_staff_email'))
    )
    op.create_table('strays',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('device', sa.String(length=40), nullable=False),
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('why', sa.String(length=100), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strays')),
    sa.UniqueConstraint('device', 'mark', name=op.f('uq_strays_device'))
    )
    op.create_table('tracks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('colour', sa.String(length=7), nullable=False),
    sa.Column('subjects', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('assumed', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tracks')),
    sa.UniqueConstraint('key', name=op.f('uq_tracks_key'))
    )
    op.create_table('zones',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('assumed', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_zones')),
    sa.UniqueConstraint('key', name=op.f('uq_zones_key'))
    )
    op.create_table('device_reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('device', sa.String(length=40), nullable=False),
    sa.Column('device_id', sa.Integer(), nullable=True),
    sa.Column('staff_id', sa.Integer(), nullable=True),
    sa.Column('checkpoint', sa.String(length=60), nullable=False),
    sa.Column('version', sa.String(length=40), nullable=False),
    sa.Column('roster_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('unsent', sa.Integer(), nullable=False),
    sa.Column('clock_ms', sa.Integer(), nullable=False),
    sa.Column('battery', sa.Integer(), nullable=True),
    sa.Column('tested_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('test_ok', sa.Boolean(), nullable=False),
    sa.Column('test_why', sa.String(length=20), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['devices.id'], name=op.f('fk_device_reports_device_id_devices')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_device_reports_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device_reports')),
    sa.UniqueConstraint('device', name=op.f('uq_device_reports_device'))
    )
    op.create_table('imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('sheet', sa.String(length=100), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('mended', sa.Integer(), nullable=False),
    sa.Column('repeated', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('ignored', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['party_id'], ['parties.id'], name=op.f('fk_imports_party_id_parties')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports'))
    )
    op.create_index(op.f('ix_imports_digest'), 'imports', ['digest'], unique=False)
    op.create_table('print_runs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('layout', sa.String(length=60), nullable=False),
    sa.Column('people', sa.JSON(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('edition', sa.String(length=16), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_print_runs_job_id_jobs'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_runs'))
    )
    op.create_table('sign_in_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_sign_in_links_staff_id_staff'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_links')),
    sa.UniqueConstraint('digest', name=op.f('uq_sign_in_links_digest'))
    )
    op.create_table('slots',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('chair', sa.JSON(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('track_id', sa.Integer(), nullable=True),
    sa.Column('room_id', sa.Integer(), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=20), nullable=False),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('entry', sa.String(length=10), nullable=False),
    sa.Column('meetings', sa.Integer(), nullable=True),
    sa.Column('bit', sa.Integer(), nullable=True),
    sa.Column('assumed', sa.JSON(), nullable=False),
    sa.CheckConstraint('capacity is null or taken <= capacity', name=op.f('ck_slots_taken_within_capacity')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_slots_starts_before_it_ends')),
    sa.CheckConstraint('taken >= 0', name=op.f('ck_slots_taken_not_negative')),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_slots_room_id_rooms')),
    sa.ForeignKeyConstraint(['track_id'], ['tracks.id'], name=op.f('fk_slots_track_id_tracks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slots')),
    sa.UniqueConstraint('bit', name=op.f('uq_slots_bit')),
    sa.UniqueConstraint('key', name=op.f('uq_slots_key'))
    )
    op.create_index(op.f('ix_slots_starts_at'), 'slots', ['starts_at'], unique=False)
    op.create_table('attendees',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('honorific', sa.String(length=20), nullable=False),
    sa.Column('degree', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('sort_key', sa.LargeBinary(), nullable=False),
    sa.Column('folded_name', sa.String(length=200), nullable=False),
    sa.Column('found_by', sa.String(length=900), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('position', sa.String(length=120), nullable=False),
    sa.Column('province', sa.String(length=10), nullable=False),
    sa.Column('category_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('remark', sa.String(length=500), nullable=False),
    sa.Column('interests', sa.JSON(), nullable=False),
    sa.Column('companions', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=True),
    sa.Column('heads_party', sa.Boolean(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.Column('nonce', sa.String(length=40), nullable=True),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('registered_by', sa.String(length=200), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('waits', sa.Boolean(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=True),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('informed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('link_revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_attendees_category_id_categories')),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_attendees_import_id_imports')),
    sa.ForeignKeyConstraint(['party_id'], ['parties.id'], name=op.f('fk_attendees_party_id_parties')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendees')),
    sa.UniqueConstraint('nonce', name=op.f('uq_attendees_nonce'))
    )
    op.create_index('ix_attendees_category', 'attendees', ['category_id', 'cancelled_at', 'waits', 'erased_at', 'companions'], unique=False)
    op.create_index(op.f('ix_attendees_import_id'), 'attendees', ['import_id'], unique=False)
    op.create_index('ix_attendees_line', 'attendees', ['line'], unique=False, sqlite_where=sa.text('line IS NOT NULL'), postgresql_where=sa.text('line IS NOT NULL'))
    op.create_index('ix_attendees_order', 'attendees', ['sort_key', 'id'], unique=False)
    op.create_index(op.f('ix_attendees_party_id'), 'attendees', ['party_id'], unique=False)
    op.create_index('ix_attendees_twin', 'attendees', ['folded_name', 'phone'], unique=False)
    op.create_table('blank_batches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('category_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_blank_batches_category_id_categories')),
    sa.ForeignKeyConstraint(['run_id'], ['print_runs.id'], name=op.f('fk_blank_batches_run_id_print_runs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_blank_batches')),
    sa.UniqueConstraint('first', name=op.f('uq_blank_batches_first')),
    sa.UniqueConstraint('run_id', name=op.f('uq_blank_batches_run_id'))
    )
    op.create_table('checkpoints',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('area', sa.String(length=60), nullable=False),
    sa.Column('days', sa.JSON(), nullable=False),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('entry', sa.String(length=10), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('assumed', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['slot_id'], ['slots.id'], name=op.f('fk_checkpoints_slot_id_slots')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checkpoints')),
    sa.UniqueConstraint('key', name=op.f('uq_checkpoints_key')),
    sa.UniqueConstraint('slot_id', name=op.f('uq_checkpoints_slot_id'))
    )
    op.create_table('printers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('device', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('page', sa.String(length=40), nullable=False),
    sa.Column('heard_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['print_runs.id'], name=op.f('fk_printers_run_id_print_runs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_printers')),
    sa.UniqueConstraint('device', name=op.f('uq_printers_device'))
    )
    op.create_table('blanks',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=True),
    sa.Column('bound_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('bound_by', sa.String(length=200), nullable=False),
    sa.Column('replaced', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_why', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendees.id'], name=op.f('fk_blanks_attendee_id_attendees')),
    sa.ForeignKeyConstraint(['batch_id'], ['blank_batches.id'], name=op.f('fk_blanks_batch_id_blank_batches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_blanks'))
    )
    op.create_index(op.f('ix_blanks_attendee_id'), 'blanks', ['attendee_id'], unique=False)
    op.create_index(op.f('ix_blanks_batch_id'), 'blanks', ['batch_id'], unique=False)
    op.create_table('bookings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('booked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendees.id'], name=op.f('fk_bookings_attendee_id_attendees'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['slot_id'], ['slots.id'], name=op.f('fk_bookings_slot_id_slots')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bookings')),
    sa.UniqueConstraint('attendee_id', 'slot_id', name=op.f('uq_bookings_attendee_id'))
    )
    op.create_index(op.f('ix_bookings_slot_id'), 'bookings', ['slot_id'], unique=False)
    op.create_table('consents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('given_by', sa.String(length=200), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendees.id'], name=op.f('fk_consents_attendee_id_attendees'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_consents_notice_id_notices')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents'))
    )
    op.create_index(op.f('ix_consents_attendee_id'), 'consents', ['attendee_id'], unique=False)
    op.create_table('data_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=True),
    sa.Column('who', sa.String(length=120), nullable=False),
    sa.Column('contact', sa.String(length=254), nullable=False),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_by', sa.String(length=200), nullable=False),
    sa.Column('answer_by', sa.Date(), nullable=False),
    sa.Column('settle_by', sa.Date(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.String(length=200), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.String(length=200), nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendees.id'], name=op.f('fk_data_requests_attendee_id_attendees')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_requests'))
    )
    op.create_index(op.f('ix_data_requests_attendee_id'), 'data_requests', ['attendee_id'], unique=False)
    op.create_index(op.f('ix_data_requests_settle_by'), 'data_requests', ['settle_by'], unique=False)
    op.create_table('erasures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendees.id'], name=op.f('fk_erasures_attendee_id_attendees')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasures'))
    )
    op.create_table('guardians',
    sa.Column('attendee_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendees.id'], name=op.f('fk_guardians_attendee_id_attendees'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('attendee_id', name=op.f('pk_guardians'))
    )
    op.create_table('headcounts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('device', sa.String(length=40), nullable=False),
    sa.Column('nonce', sa.String(length=40), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=True),
    sa.Column('checkpoint_id', sa.Integer(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undoes_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], name=op.f('fk_headcounts_checkpoint_id_checkpoints')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_headcounts_staff_id_staff')),
    sa.ForeignKeyConstraint(['undoes_id'], ['headcounts.id'], name=op.f('fk_headcounts_undoes_id_headcounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_headcounts')),
    sa.UniqueConstraint('device', 'nonce', name=op.f('uq_headcounts_device')),
    sa.UniqueConstraint('undoes_id', name=op.f('uq_headcounts_undoes_id'))
    )
    op.create_index('ix_headcounts_checkpoint', 'headcounts', ['checkpoint_id', 'day', 'people'], unique=False)
    op.create_table('mails',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=True),
    sa.Column('circular_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('own', sa.Boolean(), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('in_hand', sa.Boolean(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('unsure', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendees.id'], name=op.f('fk_mails_attendee_id_attendees'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['circular_id'], ['circulars.id'], name=op.f('fk_mails_circular_id_circulars')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mails'))
    )
    op.create_index(op.f('ix_mails_attendee_id'), 'mails', ['attendee_id'], unique=False)
    op.create_index(op.f('ix_mails_circular_id'), 'mails', ['circular_id'], unique=False)
    op.create_index('ix_mails_due', 'mails', ['done_at', 'rank', 'due_at'], unique=False)
    op.create_index('ix_mails_to', 'mails', ['address', 'tried_at'], unique=False, sqlite_where=sa.text("address <> ''"), postgresql_where=sa.text("address <> ''"))
    op.create_index(op.f('ix_mails_tried_at'), 'mails', ['tried_at'], unique=False)
    op.create_table('presences',
    sa.Column('attendee_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('checkpoint_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entries', sa.Integer(), nullable=False),
    sa.Column('registered', sa.Boolean(), nullable=False),
    sa.Column('inside', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendees.id'], name=op.f('fk_presences_attendee_id_attendees')),
    sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], name=op.f('fk_presences_checkpoint_id_checkpoints')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_presences')),
    sa.UniqueConstraint('attendee_id', 'checkpoint_id', 'day', name=op.f('uq_presences_attendee_id'))
    )
    op.create_index('ix_presences_day', 'presences', ['day', 'attendee_id', 'first_at'], unique=False)
    op.create_index('ix_presences_place', 'presences', ['checkpoint_id', 'day', 'inside', 'registered', 'entries'], unique=False)
    op.create_table('printed',
    sa.Column('attendee_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('degree', sa.String(length=40), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('position', sa.String(length=120), nullable=False),
    sa.Column('category_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('tracks', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendees.id'], name=op.f('fk_printed_attendee_id_attendees'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['print_runs.id'], name=op.f('fk_printed_run_id_print_runs')),
    sa.PrimaryKeyConstraint('attendee_id', 'run_id', name=op.f('pk_printed'))
    )
    op.create_table('waits',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendees.id'], name=op.f('fk_waits_attendee_id_attendees'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['slot_id'], ['slots.id'], name=op.f('fk_waits_slot_id_slots'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waits')),
    sa.UniqueConstraint('slot_id', 'attendee_id', name=op.f('uq_waits_slot_id'))
    )
    op.create_index(op.f('ix_waits_attendee_id'), 'waits', ['attendee_id'], unique=False)
    op.create_table('blank_presences',
    sa.Column('blank_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('checkpoint_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entries', sa.Integer(), nullable=False),
    sa.Column('registered', sa.Boolean(), nullable=False),
    sa.Column('inside', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['blank_id'], ['blanks.id'], name=op.f('fk_blank_presences_blank_id_blanks')),
    sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], name=op.f('fk_blank_presences_checkpoint_id_checkpoints')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_blank_presences')),
    sa.UniqueConstraint('blank_id', 'checkpoint_id', 'day', name=op.f('uq_blank_presences_blank_id'))
    )
    op.create_index('ix_blank_presences_place', 'blank_presences', ['checkpoint_id', 'day', 'inside', 'registered'], unique=False)
    op.create_table('scans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('device', sa.String(length=40), nullable=False),
    sa.Column('nonce', sa.String(length=41), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=True),
    sa.Column('method', sa.String(length=10), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=True),
    sa.Column('blank_id', sa.Integer(), nullable=True),
    sa.Column('checkpoint_id', sa.Integer(), nullable=False),
    sa.Column('direction', sa.String(length=3), nullable=False),
    sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('provisional', sa.Boolean(), nullable=False),
    sa.Column('verdict', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('objection', sa.String(length=200), nullable=False),
    sa.Column('undoes_id', sa.Integer(), nullable=True),
    sa.Column('because_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendees.id'], name=op.f('fk_scans_attendee_id_attendees')),
    sa.ForeignKeyConstraint(['because_id'], ['scans.id'], name=op.f('fk_scans_because_id_scans')),
    sa.ForeignKeyConstraint(['blank_id'], ['blanks.id'], name=op.f('fk_scans_blank_id_blanks')),
    sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], name=op.f('fk_scans_checkpoint_id_checkpoints')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_scans_staff_id_staff')),
    sa.ForeignKeyConstraint(['undoes_id'], ['scans.id'], name=op.f('fk_scans_undoes_id_scans')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scans')),
    sa.UniqueConstraint('device', 'nonce', name=op.f('uq_scans_device'))
    )
    op.create_index('ix_scans_attendee', 'scans', ['attendee_id', 'id'], unique=False)
    op.create_index('ix_scans_because', 'scans', ['because_id'], unique=False, sqlite_where=sa.text('because_id IS NOT NULL'), postgresql_where=sa.text('because_id IS NOT NULL'))
    op.create_index('ix_scans_blank', 'scans', ['blank_id', 'id'], unique=False, sqlite_where=sa.text('blank_id IS NOT NULL'), postgresql_where=sa.text('blank_id IS NOT NULL'))
    op.create_index('ix_scans_checkpoint', 'scans', ['checkpoint_id', 'verdict', 'scanned_at'], unique=False)
    op.create_index('uq_scans_undoes', 'scans', ['undoes_id'], unique=True, sqlite_where=sa.text('undoes_id IS NOT NULL'), postgresql_where=sa.text('undoes_id IS NOT NULL'))
    op.create_table('print_jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scan_id', sa.Integer(), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('printer_id', sa.Integer(), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_by', sa.Integer(), nullable=True),
    sa.Column('taken_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sheet', sa.JSON(), nullable=False),
    sa.Column('over', sa.String(length=10), nullable=False),
    sa.Column('over_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendees.id'], name=op.f('fk_print_jobs_attendee_id_attendees'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['printer_id'], ['printers.id'], name=op.f('fk_print_jobs_printer_id_printers')),
    sa.ForeignKeyConstraint(['scan_id'], ['scans.id'], name=op.f('fk_print_jobs_scan_id_scans')),
    sa.ForeignKeyConstraint(['taken_by'], ['printers.id'], name=op.f('fk_print_jobs_taken_by_printers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_jobs')),
    sa.UniqueConstraint('scan_id', name=op.f('uq_print_jobs_scan_id'))
    )
    op.create_index(op.f('ix_print_jobs_attendee_id'), 'print_jobs', ['attendee_id'], unique=False)
    op.create_index(op.f('ix_print_jobs_over'), 'print_jobs', ['over'], unique=False)
    op.create_table('reviews',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=True),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.String(length=200), nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['first_id'], ['scans.id'], name=op.f('fk_reviews_first_id_scans')),
    sa.ForeignKeyConstraint(['second_id'], ['scans.id'], name=op.f('fk_reviews_second_id_scans')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviews')),
    sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_reviews_first_id'))
    )
    op.create_index('ix_reviews_settled', 'reviews', ['settled_at', 'id'], unique=False)
    op.create_index('uq_reviews_single', 'reviews', ['first_id'], unique=True, sqlite_where=sa.text('second_id IS NULL'), postgresql_where=sa.text('second_id IS NULL'))


def downgrade() -> None:
    """Back."""
    op.drop_index('uq_reviews_single', table_name='reviews', sqlite_where=sa.text('second_id IS NULL'), postgresql_where=sa.text('second_id IS NULL'))
    op.drop_index('ix_reviews_settled', table_name='reviews')
    op.drop_table('reviews')
    op.drop_index(op.f('ix_print_jobs_over'), table_name='print_jobs')
    op.drop_index(op.f('ix_print_jobs_attendee_id'), table_name='print_jobs')
    op.drop_table('print_jobs')
    op.drop_index('uq_scans_undoes', table_name='scans', sqlite_where=sa.text('undoes_id IS NOT NULL'), postgresql_where=sa.text('undoes_id IS NOT NULL'))
    op.drop_index('ix_scans_checkpoint', table_name='scans')
    op.drop_index('ix_scans_blank', table_name='scans', sqlite_where=sa.text('blank_id IS NOT NULL'), postgresql_where=sa.text('blank_id IS NOT NULL'))
    op.drop_index('ix_scans_because', table_name='scans', sqlite_where=sa.text('because_id IS NOT NULL'), postgresql_where=sa.text('because_id IS NOT NULL'))
    op.drop_index('ix_scans_attendee', table_name='scans')
    op.drop_table('scans')
    op.drop_index('ix_blank_presences_place', table_name='blank_presences')
    op.drop_table('blank_presences')
    op.drop_index(op.f('ix_waits_attendee_id'), table_name='waits')
    op.drop_table('waits')
    op.drop_table('printed')
    op.drop_index('ix_presences_place', table_name='presences')
    op.drop_index('ix_presences_day', table_name='presences')
    op.drop_table('presences')
    op.drop_index(op.f('ix_mails_tried_at'), table_name='mails')
    op.drop_index('ix_mails_to', table_name='mails', sqlite_where=sa.text("address <> ''"), postgresql_where=sa.text("address <> ''"))
    op.drop_index('ix_mails_due', table_name='mails')
    op.drop_index(op.f('ix_mails_circular_id'), table_name='mails')
    op.drop_index(op.f('ix_mails_attendee_id'), table_name='mails')
    op.drop_table('mails')
    op.drop_index('ix_headcounts_checkpoint', table_name='headcounts')
    op.drop_table('headcounts')
    op.drop_table('guardians')
    op.drop_table('erasures')
    op.drop_index(op.f('ix_data_requests_settle_by'), table_name='data_requests')
    op.drop_index(op.f('ix_data_requests_attendee_id'), table_name='data_requests')
    op.drop_table('data_requests')
    op.drop_index(op.f('ix_consents_attendee_id'), table_name='consents')
    op.drop_table('consents')
    op.drop_index(op.f('ix_bookings_slot_id'), table_name='bookings')
    op.drop_table('bookings')
    op.drop_index(op.f('ix_blanks_batch_id'), table_name='blanks')
    op.drop_index(op.f('ix_blanks_attendee_id'), table_name='blanks')
    op.drop_table('blanks')
    op.drop_table('printers')
    op.drop_table('checkpoints')
    op.drop_table('blank_batches')
    op.drop_index('ix_attendees_twin', table_name='attendees')
    op.drop_index(op.f('ix_attendees_party_id'), table_name='attendees')
    op.drop_index('ix_attendees_order', table_name='attendees')
    op.drop_index('ix_attendees_line', table_name='attendees', sqlite_where=sa.text('line IS NOT NULL'), postgresql_where=sa.text('line IS NOT NULL'))
    op.drop_index(op.f('ix_attendees_import_id'), table_name='attendees')
    op.drop_index('ix_attendees_category', table_name='attendees')
    op.drop_table('attendees')
    op.drop_index(op.f('ix_slots_starts_at'), table_name='slots')
    op.drop_table('slots')
    op.drop_table('sign_in_links')
    op.drop_table('print_runs')
    op.drop_index(op.f('ix_imports_digest'), table_name='imports')
    op.drop_table('imports')
    op.drop_table('device_reports')
    op.drop_table('zones')
    op.drop_table('tracks')
    op.drop_table('strays')
    op.drop_table('staff')
    op.drop_table('rooms')
    op.drop_table('parties')
    op.drop_table('notices')
    op.drop_table('mailbox_readings')
    op.drop_table('lookups')
    op.drop_index('ix_jobs_due', table_name='jobs')
    op.drop_table('jobs')
    op.drop_table('event')
    op.drop_table('erasure_yes')
    op.drop_table('entitlement_bits')
    op.drop_table('devices')
    op.drop_table('circulars')
    op.drop_table('choices')
    op.drop_index('ix_changes_subject', table_name='changes')
    op.drop_table('changes')
    op.drop_table('categories')
    op.drop_table('badge_looks')
    op.drop_table('badge_designs')
    op.drop_index('ix_attempts_what', table_name='attempts')
    op.drop_table('attempts')
