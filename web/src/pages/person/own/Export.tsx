import {Trans} from '@lingui/react/macro';
import {Button, Group, Text} from '@mantine/core';
import {IconDownload} from '@tabler/icons-react';
import {useMutation} from '@tanstack/react-query';
import {api} from '@/api/client';
import type {Person} from '@/api/records';
import {Card} from '@/shared/ui/Card';
import {saveBlob} from '@/shared/ui/save';
import {tellFailure} from '@/shared/ui/toasts';

export function Export({person}: {person: Person}) {
  const fetch = useMutation({
    mutationFn: async () => {
      const {data} = await api.GET('/api/v1/people/{person}/export', {params: {path: {person: person.id}}, parseAs: 'blob'});
      saveBlob(`pyrometer-${person.pseudonym}.zip`, data as unknown as Blob);
    },
    onError: tellFailure,
  });
  return (
    <Card title={<Trans>Take everything along</Trans>}>
      <Text size="sm" mb="sm"><Trans>One file with all that is kept of you: sessions, answers, notes, consents, pictures, and who looked at them; as tables and as FHIR for other health systems.</Trans></Text>
      <Group><Button leftSection={<IconDownload size={18} aria-hidden />} loading={fetch.isPending} onClick={() => fetch.mutate()}><Trans>Download all (zip)</Trans></Button></Group>
    </Card>
  );
}
