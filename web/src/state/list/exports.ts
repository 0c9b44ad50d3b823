/** Fetches the list as a file and lets the browser save it. */
import { exportFile, Refusal, type Ending } from '../../wire/http';
import type { Place } from '../../wire/places';
import { tellProblem } from '../page/problems';
import { words } from '../page/words.svelte';

/** Lets the browser save a file under a name. */
export function saveBlob(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export async function saveExport(place: Place, ending: Ending, version?: number): Promise<void> {
  try {
    const file = await exportFile(place.token, place.consultation, ending, words.language, version);
    saveBlob(file, `plenum${version === undefined ? '' : `-v${String(version)}`}.${ending}`);
  } catch (error) {
    tellProblem(error instanceof Refusal ? error.code : 'unavailable');
  }
}
