// All that a phone keeps: every row of every database of its browser, and what its pages put aside.

/** As text, in which letters stand as they were typed, wherever they stand. */
export function keptOn(one) {
  return one.page.evaluate(async () => {
    const answer = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const found = [localStorage, sessionStorage].map((shelf) => JSON.stringify(shelf));
    for (const { name } of await indexedDB.databases()) {
      const database = await answer(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const rows = await answer(database.transaction(store).objectStore(store).getAll());
        found.push(...rows.map((row) => new TextDecoder().decode(row)));
      }
      database.close();
    }
    return found.join('\n');
  });
}

/** The rows of a phone's documents, to be put back by `putRows`. */
export const rowsOn = (one) => one.page.evaluate(withRows, { put: null });

/** Puts rows of documents back, behind those that are there. */
export const putRows = (one, rows) => one.page.evaluate(withRows, { put: rows });

async function withRows({ put }) {
  const answer = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const all = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name));
    const store = database.transaction('updates', 'readwrite').objectStore('updates');
    for (const row of put?.[name] ?? []) await answer(store.add(Uint8Array.from(row)));
    all[name] = (await answer(store.getAll())).map((row) => [...row]);
    database.close();
  }
  return all;
}
