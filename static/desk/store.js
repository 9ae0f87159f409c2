// What must outlive this page, a closed tab and an empty battery. Writing resolves once it is on
// the disk.

const NAME = "ghidanh";
const VERSION = 1;

let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asking = indexedDB.open(NAME, VERSION);
    asking.onupgradeneeded = () => {
      const made = asking.result;
      made.createObjectStore("reports", { keyPath: "number", autoIncrement: true })
        .createIndex("nonce", "nonce", { unique: true });
      made.createObjectStore("strays", { keyPath: "number", autoIncrement: true });
      made.createObjectStore("passages", { keyPath: ["bearer", "checkpoint", "day"] })
        .createIndex("since", ["place", "roster"]);
      made.createObjectStore("facts");
    };
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = () => reject(asking.error);
  });
  return opened;
}

// `work(stores by name)` asks for what is to be written, all of it or none.
export async function write(names, work) {
  const turn = (await database()).transaction(names, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    turn.oncomplete = resolve;
    turn.onabort = turn.onerror = () => reject(turn.error);
  });
  work(Object.fromEntries(names.map((name) => [name, turn.objectStore(name)])));
  await done;
}

// The answer to one question: `ask(store)` gives the request.
export async function read(name, ask) {
  const asking = ask((await database()).transaction(name).objectStore(name));
  return new Promise((resolve, reject) => {
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = () => reject(asking.error);
  });
}
