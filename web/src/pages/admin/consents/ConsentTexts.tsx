import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Button, Group, SegmentedControl, Skeleton, Stack, Switch, Text} from '@mantine/core';
import {IconFileText, IconPlus} from '@tabler/icons-react';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {api} from '@/api/client';
import {useModeNames} from '@/app/shell/SiteLine';
import {currentLanguage, languages} from '@/i18n';
import {templatesKey, templatesQuery, type ConsentTemplate} from '@/api/records';
import {TemplateText} from '@/shared/consents/TemplateText';
import {date} from '@/shared/format';
import {useConsentNames} from '@/shared/people/consents';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {tellFailure} from '@/shared/ui/toasts';
import {ConsentEditor} from './ConsentEditor';
import {newestOf} from './editions';

function OneText({template, older, onEdit}: {template: ConsentTemplate; older: number; onEdit: () => void}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const modes = useModeNames();
  const scopes = useConsentNames();
  const change = useMutation({
    mutationFn: (active: boolean) => api.PATCH('/api/v1/consent-templates/{template}', {params: {path: {template: template.id}, header: {'If-Match': `"${template.version}"`}}, body: {active}}),
    onSuccess: () => queryClient.invalidateQueries({queryKey: templatesKey}),
    onError: tellFailure,
  });
  return (
    <Card title={template.purpose} aside={<Switch checked={template.active} disabled={change.isPending} onChange={(e) => change.mutate(e.currentTarget.checked)} label={<Trans>In use</Trans>} aria-label={t`In use: ${template.purpose}`} />}>
      <Group gap={6} mb="xs">
        <Badge variant="light" color="gray" tt="none">{template.mode ? modes[template.mode] : t`Every mode`}</Badge>
        <Badge variant="light" color="gray" tt="none"><Trans>Edition {template.edition}</Trans></Badge>
        {template.made_by === null && <Badge variant="light" color="gray" tt="none"><Trans>Shipped</Trans></Badge>}
      </Group>
      <Text size="xs" c="dimmed" mb="xs">{template.name} · {date(template.created)}{older > 0 && <> · <Trans>{older} earlier editions are kept for those who agreed to them</Trans></>}</Text>
      <Stack gap={2} mb="xs">{template.scopes.map((scope) => <Text key={scope} size="sm">• {scopes[scope]}</Text>)}</Stack>
      <details>
        <summary style={{cursor: 'pointer'}}><Text span size="sm" fw={500}><Trans>The whole text</Trans></Text></summary>
        <div lang={template.language} style={{marginBlockStart: 8}}><TemplateText text={template.text} /></div>
      </details>
      <Button size="compact-sm" variant="default" mt="sm" onClick={onEdit} aria-label={t`Write the next edition of ${template.purpose}`}><Trans>Write the next edition</Trans></Button>
    </Card>
  );
}

/** What people read before they agree. A text that somebody agreed to never changes: a change is a new edition. */
export function ConsentTexts() {
  const {t} = useLingui();
  const templates = useQuery(templatesQuery);
  const [language, setLanguage] = useState<string>(currentLanguage());
  const [editing, setEditing] = useState<ConsentTemplate | 'new' | null>(null);
  if (templates.error) return <Failure error={templates.error} retry={templates.refetch} />;
  if (!templates.data) return <Skeleton height={260} />;
  const known = [...new Set([...Object.keys(languages), ...templates.data.map((each) => each.language)])];
  const shown = newestOf(templates.data).filter(({template}) => template.language === language);
  const nameOf = (code: string) => new Intl.DisplayNames([code], {type: 'language'}).of(code) ?? code;
  return (
    <Stack>
      <Group justify="space-between">
        <SegmentedControl aria-label={t`Language of the texts`} value={language} onChange={setLanguage} data={known.map((code) => ({value: code, label: nameOf(code)}))} />
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing('new')}><Trans>New text</Trans></Button>
      </Group>
      <Text size="sm" c="dimmed" maw={760}><Trans>These are shown word for word to whoever is asked. Have them checked by your data protection officer. A text that somebody agreed to is never changed: what you write becomes the next edition.</Trans></Text>
      {shown.length === 0 && <EmptyState icon={IconFileText} title={<Trans>No text in this language</Trans>}><Trans>Write one, or translate one of another language: copy its text into a new one.</Trans></EmptyState>}
      <div style={{display: 'grid', gap: 16, gridTemplateColumns: 'repeat(auto-fill, minmax(min(420px, 100%), 1fr))', alignItems: 'start'}}>
        {shown.map(({template, older}) => <OneText key={template.id} template={template} older={older} onEdit={() => setEditing(template)} />)}
      </div>
      <ConsentEditor key={editing === null ? 'none' : editing === 'new' ? 'new' : editing.id} of={editing} language={language} onClose={() => setEditing(null)} />
    </Stack>
  );
}
