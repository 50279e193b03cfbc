import type {components} from '@/api/schema';

type Entry = components['schemas']['AuditEntry'];

/** A text that a spreadsheet would take for a formula gets an apostrophe before it. */
function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvOf(entries: readonly Entry[], nameOf: (actor: string) => string): string {
  const rows = entries.map((entry) => [entry.number, entry.at, nameOf(entry.actor), entry.actor, entry.role, entry.action, entry.resource, entry.subject, entry.outcome, entry.request_id, entry.detail, entry.hash]);
  return [['number', 'at', 'account', 'actor', 'role', 'action', 'resource', 'subject', 'outcome', 'request_id', 'detail', 'hash'], ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}
