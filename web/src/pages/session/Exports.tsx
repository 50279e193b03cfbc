import {Trans} from '@lingui/react/macro';
import {Button, Group, Menu} from '@mantine/core';
import {IconDownload, IconFileText} from '@tabler/icons-react';
import {useMutation} from '@tanstack/react-query';
import {api} from '@/api/client';
import type {Session} from '@/api/records';
import {useReport} from '@/shared/jobs/useReport';
import {saveBlob} from '@/shared/ui/save';
import {tellFailure} from '@/shared/ui/toasts';

/** All frames as frames.csv: pages put together, the heading once. */
async function framesCsv(session: string): Promise<Blob> {
  const parts: string[] = [];
  let after: number | undefined;
  for (;;) {
    const {data, response} = await api.GET('/api/v1/sessions/{session}/observations', {params: {path: {session}, query: {limit: 2000, after, format: 'csv'}}, parseAs: 'text'});
    const text = String(data ?? '');
    if (!text) break;
    parts.push(parts.length === 0 ? text : text.slice(text.indexOf('\n') + 1));
    const next = response.headers.get('x-next-after');
    if (next === null) break;
    after = Number(next);
  }
  return new Blob(parts, {type: 'text/csv'});
}

/** The report, and what it is made of, to take along. */
export function Exports({session}: {session: Session}) {
  const name = `session-${session.started.slice(0, 16).replace(/[:T]/g, '-')}`;
  const csv = useMutation({mutationFn: async () => saveBlob(`${name}.csv`, await framesCsv(session.id)), onError: tellFailure});
  const report = useReport({kind: 'report', person: session.person, session: session.id});
  const ended = session.state === 'ended';
  return (
    <Group gap="sm">
      {ended && <Button variant="light" leftSection={<IconFileText size={18} aria-hidden />} loading={report.busy} onClick={() => void report.saveFile('session.pdf', `${name}.pdf`)}><Trans>Report (PDF)</Trans></Button>}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target><Button variant="default" leftSection={<IconDownload size={18} aria-hidden />} loading={csv.isPending}><Trans>Export</Trans></Button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => csv.mutate()}><Trans>All frames (CSV)</Trans></Menu.Item>
          {ended && <Menu.Item onClick={() => void report.saveFile('frames.parquet', `${name}.parquet`)}><Trans>All frames (Parquet)</Trans></Menu.Item>}
          {ended && <Menu.Item onClick={() => void report.saveFile('session.json', `${name}.json`)}><Trans>Figures of the session (JSON)</Trans></Menu.Item>}
          {ended && <Menu.Item onClick={() => void report.saveFile('fhir.json', `${name}.fhir.json`)}><Trans>For other health systems (FHIR)</Trans></Menu.Item>}
          {ended && <Menu.Item onClick={() => void report.saveFile('session.html', `${name}.html`)}><Trans>Report as a page (HTML)</Trans></Menu.Item>}
          <Menu.Divider />
          <Menu.Item onClick={() => print()}><Trans>Print this page</Trans></Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
