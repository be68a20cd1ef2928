// What the device holds until the server has it: every record encrypted in IndexedDB before it is sent.
// The key cannot be read out of the browser. Audio frames are bytes, everything else is text.

const NAME = "handenhet";

const asked = (request) =>
  new Promise((ok, no) => {
    request.onsuccess = () => ok(request.result);
    request.onerror = () => no(request.error);
  });

const done = (transaction) =>
  new Promise((ok, no) => {
    transaction.oncomplete = () => ok();
    transaction.onerror = transaction.onabort = () => no(transaction.error);
  });

export async function openSpool() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    const db = request.result;
    db.createObjectStore("records", { keyPath: ["meeting", "seq"] });
    db.createObjectStore("meetings", { keyPath: "id" });
    db.createObjectStore("things");
  };
  const db = await asked(request);
  const things = () => db.transaction("things").objectStore("things");
  let key = await asked(things().get("key"));
  let device = await asked(things().get("device"));
  if (!key || !device) {
    key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    device = `enhet-${crypto.randomUUID().slice(0, 8)}`;
    const making = db.transaction("things", "readwrite", { durability: "strict" });
    making.objectStore("things").put(key, "key");
    making.objectStore("things").put(device, "device");
    await done(making);
  }
  return new Spool(db, key, device);
}

class Spool {
  constructor(db, key, device) {
    this.db = db;
    this.key = key;
    this.device = device;
    this.chain = Promise.resolve();
  }

  async seal(place, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bound = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) };
    return { iv, sealed: await crypto.subtle.encrypt(bound, this.key, bytes) };
  }

  async open(place, { iv, sealed }) {
    const bound = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) };
    return new Uint8Array(await crypto.subtle.decrypt(bound, this.key, sealed));
  }

  // The meetings this device holds something of, with what is needed to go on without a network.
  async meetings() {
    const rows = await asked(this.db.transaction("meetings").objectStore("meetings").getAll());
    return Promise.all(rows.map((row) => this.shown(row)));
  }

  async meeting(id) {
    const row = await asked(this.db.transaction("meetings").objectStore("meetings").get(id));
    return row ? this.shown(row) : null;
  }

  async shown(row) {
    const info = JSON.parse(new TextDecoder().decode(await this.open(`meeting|${row.id}`, row.info)));
    return { ...row, info };
  }

  async begin(id, info) {
    const sealed = await this.seal(`meeting|${id}`, new TextEncoder().encode(JSON.stringify(info)));
    const row = { id, info: sealed, next: 0, samples: 0, lastMs: 0, state: "recording", struck: [] };
    const writing = this.db.transaction("meetings", "readwrite", { durability: "strict" });
    writing.objectStore("meetings").put(row);
    await done(writing);
    return { ...row, info };
  }

  async rewrite(id, info) {
    const sealed = await this.seal(`meeting|${id}`, new TextEncoder().encode(JSON.stringify(info)));
    await this.change(id, (row) => ({ ...row, info: sealed }));
  }

  async change(id, how) {
    const writing = this.db.transaction("meetings", "readwrite", { durability: "strict" });
    const store = writing.objectStore("meetings");
    const row = await asked(store.get(id));
    if (row) store.put(how(row));
    await done(writing);
  }

  // Keeps one record; records of a meeting are written in the order of the calls. Rejects when the disk is full.
  append(id, seq, payload, standing) {
    const write = async () => {
      const text = typeof payload === "string";
      const sealed = await this.seal(`${id}|${seq}`, text ? new TextEncoder().encode(payload) : payload);
      const writing = this.db.transaction(["records", "meetings"], "readwrite", { durability: "strict" });
      const meetings = writing.objectStore("meetings");
      const row = await asked(meetings.get(id));
      // After a record that could not be kept, none is kept until the meeting is opened again: no hole in the numbers.
      if (row.next !== seq) throw new Error("out of order");
      writing.objectStore("records").put({ meeting: id, seq, text, ...sealed });
      meetings.put({ ...row, ...standing, next: seq + 1 });
      await done(writing);
    };
    const kept = this.chain.then(write);
    this.chain = kept.catch(() => {});
    return kept;
  }

  async read(id, from, count) {
    const range = IDBKeyRange.bound([id, from], [id, Infinity]);
    const rows = await asked(this.db.transaction("records").objectStore("records").getAll(range, count));
    return Promise.all(
      rows.map(async (row) => {
        const bytes = await this.open(`${id}|${row.seq}`, row);
        return { seq: row.seq, payload: row.text ? new TextDecoder().decode(bytes) : bytes };
      }),
    );
  }

  async lowest(id) {
    const range = IDBKeyRange.bound([id, 0], [id, Infinity]);
    const keys = await asked(this.db.transaction("records").objectStore("records").getAllKeys(range, 1));
    return keys.length ? keys[0][1] : null;
  }

  async count(id) {
    return asked(this.db.transaction("records").objectStore("records").count(IDBKeyRange.bound([id, 0], [id, Infinity])));
  }

  // Forgets what the server has on its disk.
  async forget(id, upto) {
    if (upto < 0) return;
    const writing = this.db.transaction("records", "readwrite");
    writing.objectStore("records").delete(IDBKeyRange.bound([id, 0], [id, upto]));
    await done(writing);
  }

  async drop(id) {
    const writing = this.db.transaction(["records", "meetings"], "readwrite");
    writing.objectStore("records").delete(IDBKeyRange.bound([id, 0], [id, Infinity]));
    writing.objectStore("meetings").delete(id);
    await done(writing);
  }

  // Something small kept for when there is no network, encrypted like everything else.
  async keep(name, value) {
    const sealed = await this.seal(`kept|${name}`, new TextEncoder().encode(JSON.stringify(value)));
    const writing = this.db.transaction("things", "readwrite");
    writing.objectStore("things").put(sealed, `kept|${name}`);
    await done(writing);
  }

  async kept(name) {
    const row = await asked(this.db.transaction("things").objectStore("things").get(`kept|${name}`));
    return row ? JSON.parse(new TextDecoder().decode(await this.open(`kept|${name}`, row))) : null;
  }

  async forgetKept() {
    const writing = this.db.transaction("things", "readwrite");
    const store = writing.objectStore("things");
    for (const name of await asked(store.getAllKeys())) if (String(name).startsWith("kept|")) store.delete(name);
    await done(writing);
  }
}
