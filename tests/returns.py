"""Reports of mails that could not be delivered, in the shapes in which servers write them."""

from email.message import EmailMessage

FORMS = ("postfix", "exim", "exchange", "gmail", "old exim", "no headers", "global")
REASONS = {
    "postfix": "550 5.1.1 <an@vidu.vn>: Recipient address rejected: User unknown",
    "exim": "5.0.0 550 Mailbox full <an@vidu.vn>",
    "exchange": "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP",
    "gmail": "550-5.1.1 The email account that you tried to reach does not exist. "
    "550-5.1.1 Please try double-checking the address. "
    "550 5.1.1 https://vidu.vn/?p=NoSuchUser a1-20si",
    "old exim": "550 Unrouteable address",
    "no headers": "550 5.4.1 Recipient address rejected: Access denied",
    "global": "550 5.1.1 Không có hộp thư này",
}
"""What each says, as an organiser reads it."""

_POSTFIX = """\
From: MAILER-DAEMON@mx.vidu.vn (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: ghidanh@vidu.vn
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="9F3.17/mx.vidu.vn"

This is a MIME-encapsulated message.

--9F3.17/mx.vidu.vn
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--9F3.17/mx.vidu.vn
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.vidu.vn
X-Postfix-Queue-ID: 9F3
X-Postfix-Sender: rfc822; ghidanh@vidu.vn

Final-Recipient: rfc822; an@vidu.vn
Original-Recipient: rfc822;an@vidu.vn
Action: {action}
Status: 5.1.1
Remote-MTA: dns; in.vidu.vn
Diagnostic-Code: smtp; 550 5.1.1 <an@vidu.vn>: Recipient address rejected: User
    unknown

--9F3.17/mx.vidu.vn
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <ghidanh@vidu.vn>
Subject: =?utf-8?q?Th=E1=BA=BB?=
Message-ID: <{mark}@vidu.vn>

--9F3.17/mx.vidu.vn--
"""
_EXIM = """\
X-Failed-Recipients: an@vidu.vn
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@exim.vidu.vn>
To: ghidanh@vidu.vn
References: <{mark}@vidu.vn>
Content-Type: multipart/report; report-type=delivery-status; boundary=1700-eximdsn-5
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender

--1700-eximdsn-5
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

--1700-eximdsn-5
Content-type: message/delivery-status

Reporting-MTA: dns; exim.vidu.vn

Action: {action}
Final-Recipient: rfc822;an@vidu.vn
Status: 5.0.0
Remote-MTA: dns; in.vidu.vn
Diagnostic-Code: smtp; 550 Mailbox full <an@vidu.vn>

--1700-eximdsn-5
Content-type: message/rfc822

Return-path: <ghidanh@vidu.vn>
From: Small event <ghidanh@vidu.vn>
Message-ID: <{mark}@vidu.vn>
Content-Type: multipart/mixed; boundary="===1=="

--===1==
Content-Type: text/plain

--1700-eximdsn-5--
"""
_EXCHANGE = """\
From: Microsoft Outlook
 <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@vidu.onmicrosoft.example>
To: <ghidanh@vidu.vn>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="b6e7"
X-MS-Exchange-Message-Is-Ndr:
In-Reply-To: <{mark}@vidu.vn>
References: <{mark}@vidu.vn>
Subject: Undeliverable: =?utf-8?B?VGjhurs=?=
Auto-Submitted: auto-replied

--b6e7
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="a1f0"

--a1f0
Content-Type: text/plain; charset="us-ascii"

Your message to an@vidu.vn couldn't be delivered.
--a1f0--

--b6e7
Content-Type: message/delivery-status

Reporting-MTA: dns;HK0PR03.apcprd03.vidu.example
Received-From-MTA: dns;mail.vidu.vn
Arrival-Date: Fri, 29 Sep 2023 00:30:00 +0000

Final-Recipient: rfc822;an@vidu.vn
Action: {action}
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP

--b6e7
Content-Type: message/rfc822

From: Small event <ghidanh@vidu.vn>
Message-ID: <0100018ad@provider.example>
X-Ghi-Danh-Mail: {mark}

--b6e7--
"""
_GMAIL = """\
From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>
To: ghidanh@vidu.vn
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: <{mark}@vidu.vn>
In-Reply-To: <{mark}@vidu.vn>
X-Failed-Recipients: an@vidu.vn
MIME-Version: 1.0
Content-Type: multipart/report; boundary="0000000000003b"; report-type=delivery-status

--0000000000003b
Content-Type: multipart/related; boundary="0000000000003c"

--0000000000003c
Content-Type: text/plain; charset="UTF-8"

** Address not found **
--0000000000003c
Content-Type: image/png; name="icon.png"
Content-Transfer-Encoding: base64
Content-ID: <icon.png>

iVBORw0KGgo=
--0000000000003c--
--0000000000003b
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.example
Arrival-Date: Thu, 28 Sep 2023 17:30:00 -0700 (PDT)
X-Original-Message-ID: <{mark}@vidu.vn>

Final-Recipient: rfc822; an@vidu.vn
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
 550-5.1.1 Please try double-checking the address.
 550 5.1.1  https://vidu.vn/?p=NoSuchUser a1-20si
Last-Attempt-Date: Thu, 28 Sep 2023 17:30:01 -0700 (PDT)

--0000000000003b
Content-Type: message/rfc822

MIME-Version: 1.0
Message-ID: <{mark}@vidu.vn>
Content-Type: text/plain

--0000000000003b--
"""
_OLD_EXIM = """\
X-Failed-Recipients: an@vidu.vn
From: Mail Delivery System <Mailer-Daemon@exim.vidu.vn>
To: ghidanh@vidu.vn
Subject: Mail delivery failed: returning message to sender

A message that you sent could not be delivered to one or more of its recipients.

  an@vidu.vn
    550 Unrouteable address

------ This is a copy of the message, including all the headers. ------

Return-path: <ghidanh@vidu.vn>
Message-ID: <{mark}@vidu.vn>
"""
_NO_HEADERS = """\
From: postmaster@vidu.vn
To: ghidanh@vidu.vn
In-Reply-To: <{mark}@vidu.vn>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; vidu.vn

Final-Recipient: rfc822; an@vidu.vn
Action: {action}
Status: 5.4.1
Diagnostic-Code: smtp; 550 5.4.1 Recipient address rejected: Access denied
--x--
"""
_GLOBAL = """\
From: postmaster@vidu.vn
To: ghidanh@vidu.vn
MIME-Version: 1.0
Content-Type: multipart/report; report-type=global-delivery-status; boundary=x

--x
Content-Type: message/global-delivery-status
Content-Transfer-Encoding: 8bit

Reporting-MTA: dns; vidu.vn
Original-Envelope-ID: {mark}

Final-Recipient: utf-8; an@vidu.vn
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 Không có hộp thư này
--x--
"""
_SHAPES = dict(
    zip(
        FORMS,
        (_POSTFIX, _EXIM, _EXCHANGE, _GMAIL, _OLD_EXIM, _NO_HEADERS, _GLOBAL),
        strict=True,
    )
)


def report(form: str, mark: str, action: str = "failed") -> bytes:
    """What one kind of server writes about the mail of a postmark."""
    text = _SHAPES[form].replace("{mark}", mark).replace("{action}", action)
    return text.encode().replace(b"\n", b"\r\n")


def mark_in(message: EmailMessage) -> str:
    """The postmark of a mail that arrived."""
    return str(message["Message-ID"]).strip("<>").partition("@")[0]
