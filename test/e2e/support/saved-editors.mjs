/* global indexedDB */

/**
 * What the editor will open after a reload, as text. Runs in the editor's page.
 * @returns {Promise<string>}
 */
export async function savedEditors() {
  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const texts = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db-')) continue;
    const database = await settled(indexedDB.open(name));
    if (database.objectStoreNames.contains('ItemTable')) {
      const items = database.transaction('ItemTable').objectStore('ItemTable');
      texts.push(await settled(items.get('memento/workbench.parts.editor')));
    }
    database.close();
  }
  return texts.join('\n');
}
