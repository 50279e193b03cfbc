import type {ConsentTemplate} from '@/api/records';

/** The newest edition of each text (name and language), and how many came before it. */
export function newestOf(templates: readonly ConsentTemplate[]): {template: ConsentTemplate; older: number}[] {
  const texts = new Map<string, {template: ConsentTemplate; older: number}>();
  for (const template of templates) {
    const key = `${template.name} ${template.language}`;
    const before = texts.get(key);
    if (!before) texts.set(key, {template, older: 0});
    else texts.set(key, {template: before.template.edition > template.edition ? before.template : template, older: before.older + 1});
  }
  return [...texts.values()].sort((a, b) => Number(b.template.active) - Number(a.template.active) || a.template.name.localeCompare(b.template.name));
}
