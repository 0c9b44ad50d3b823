/** Leave and clear: nothing of this place stays on the phone. */
import { forgetPlace, storePrefix } from '../wire/places';
import { router } from './route.svelte';
import type { Session } from './session.svelte';

export function leavePhone(session: Session): void {
  session.end();
  forgetPlace(session.place);
  void forgetDatabases(storePrefix(session.place));
  router.go('/join');
}

async function forgetDatabases(prefix: string): Promise<void> {
  if (typeof indexedDB === 'undefined' || !('databases' in indexedDB)) return;
  const databases = await indexedDB.databases();
  for (const { name } of databases) if (name?.startsWith(prefix)) indexedDB.deleteDatabase(name);
}
