// A clinician's live session, as several specs begin and follow it.
import type {ApiClient, Window} from './harness.ts';

/** The kept rows of a session, of these columns. */
export async function rows(clinician: ApiClient, session: string, columns: string[]): Promise<any[][]> {
  const out: any[][] = [];
  for (let after = -1; ;) {
    const page = await clinician.get(`sessions/${session}/observations?after=${after}&limit=2000&columns=${columns.join(',')}`);
    out.push(...page.rows);
    if (page.next === null || page.rows.length === 0) return out;
    after = page.next;
  }
}

export async function choosePerson(window: Window, name: string) {
  const {page} = window;
  await window.open('/live');
  await page.getByRole('combobox', {name: 'Person'}).fill(name);
  await page.getByRole('option', {name: new RegExp(name)}).click();
}

/** For somebody who has agreed, from the source that is chosen on the page. */
export async function begin({page}: Window): Promise<string> {
  await page.getByLabel('I have shown this to the person').check();
  await page.getByRole('button', {name: 'Start the session'}).click();
  await page.waitForURL(/\/live\/[0-9a-f-]{36}$/);
  return page.url().split('/').pop() as string;
}
