/** Fetches a file that was prepared for reading and lets the browser save it; it is never shown inside this page. */
import { materialFile, Refusal } from '../../wire/http';
import { tellProblem } from '../page/problems';

export async function saveMaterial(address: string, token: string, name: string): Promise<void> {
  try {
    const file = await materialFile(address, token);
    const local = URL.createObjectURL(file);
    const link = document.createElement('a');
    link.href = local;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(local), 60_000);
  } catch (error) {
    tellProblem(error instanceof Refusal ? error.code : 'unavailable');
  }
}
