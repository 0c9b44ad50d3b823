/** Leave and clear: nothing of this place stays on the phone. */
import { forgetDatabases, forgetPlace, storePrefix } from '../../wire/places';
import { router } from '../page/route.svelte';
import type { Session } from '../page/session.svelte';

export function leavePhone(session: Session): void {
  session.end();
  forgetPlace(session.place);
  void forgetDatabases(storePrefix(session.place));
  router.go('/join');
}
