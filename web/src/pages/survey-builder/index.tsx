import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Anchor, Box, Button, Group, Select, Skeleton, Stack, Table, Text, TextInput} from '@mantine/core';
import {IconClipboardPlus} from '@tabler/icons-react';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {Link, useNavigate} from '@tanstack/react-router';
import {useState, type FormEvent} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {slugOf} from '@/api/problem';
import {currentLanguage} from '@/i18n';
import {date} from '@/shared/format';
import {surveysQuery} from '@/shared/surveys/queries';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {describe} from '@/shared/ui/problemText';
import {useDraft} from '@/shared/ui/useDraft';
import {surveyName} from './edit';
import {editionQuery, editionsKey, editionsQuery, unchanged} from './queries';
import {StateBadge, useEmptyDraft} from './words';

const kEmpty = {title: '', name: '', from: ''};

function Begin() {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const patterns = useQuery(surveysQuery);
  const emptyDraft = useEmptyDraft();
  const [form, write, forget] = useDraft('survey.begin', kEmpty);
  const [key] = useState(idempotencyKey);
  const title = form.title.trim();
  const survey = form.name || surveyName(title);
  const begin = useMutation({
    mutationFn: async () => {
      const begun = form.from ? {from: form.from} : {definition: emptyDraft(title, currentLanguage())};
      const made = await body(api.POST('/api/v1/survey-definitions', {params: {header: {'Idempotency-Key': key}}, body: {survey, ...begun}}));
      if (!form.from) return made;
      return body(api.PATCH('/api/v1/survey-definitions/{definition}', {params: unchanged(made), body: {definition: {...made.definition, title}}}));
    },
    onSuccess: (made) => {
      forget();
      queryClient.setQueryData(editionQuery(made.id).queryKey, made);
      void queryClient.invalidateQueries({queryKey: editionsKey, exact: true});
      void navigate({to: `/surveys/own/${made.id}`});
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    begin.mutate();
  };
  const taken = patterns.data?.some(({id}) => id === survey);
  const good = /^own-[a-z0-9]+(-[a-z0-9]+)*$/.test(survey) && !taken;
  return (
    <Card title={<Trans>Begin a new one</Trans>}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          {begin.error && <Alert color="red" variant="light" role="alert">{slugOf(begin.error) === 'draft-there' ? <Trans>There is a draft with this short name already; go on with it below, or choose another name.</Trans> : describe(begin.error)}</Alert>}
          <TextInput label={<Trans>Title</Trans>} maxLength={300} value={form.title} onChange={({currentTarget: {value}}) => write({...form, title: value})} />
          <Select label={<Trans>Begin with</Trans>} description={<Trans>A copy takes over questions, answers and scoring; nothing of the pattern changes</Trans>} allowDeselect={false} value={form.from} onChange={(from) => write({...form, from: from ?? ''})}
            data={[{value: '', label: t`Nothing: one empty question`}, ...(patterns.data ?? []).map((each) => ({value: each.id, label: t`A copy of ${each.title}`}))]} />
          <TextInput label={<Trans>Short name</Trans>} description={<Trans>What exports and figures call it; it stays the same through all editions</Trans>} maxLength={60} value={form.name || (title ? survey : '')}
            error={title && taken ? t`There is one of this name already; its next edition begins at its page.` : title && !good ? t`own- and then small letters, digits and single strokes` : undefined}
            onChange={({currentTarget: {value}}) => write({...form, name: value.toLowerCase()})} />
          <Group><Button type="submit" loading={begin.isPending} disabled={!title || !good}><Trans>Begin</Trans></Button></Group>
        </Stack>
      </form>
    </Card>
  );
}

/** Questionnaires that this site makes itself, edition by edition. */
export default function OwnSurveysPage() {
  const {t} = useLingui();
  const editions = useQuery(editionsQuery);
  const rows = [...(editions.data ?? [])].sort((a, b) => a.survey.localeCompare(b.survey) || b.edition - a.edition);
  return (
    <Page title={t`Questionnaires of your own`} lead={<Trans>Written here, from nothing or from a copy. Nobody can answer a draft. What is published is answered and never changed: a change is its next edition.</Trans>}
      actions={<Button component={Link} to="/surveys" variant="default"><Trans>All questionnaires</Trans></Button>}>
      {editions.isError ? <Failure error={editions.error} retry={() => void editions.refetch()} /> : (
        <Stack gap="lg">
          <Box maw={820}><Begin /></Box>
          <Card title={<Trans>All editions</Trans>}>
            {editions.isPending ? <Skeleton height={120} />
              : rows.length === 0 ? <EmptyState icon={IconClipboardPlus} title={<Trans>None yet</Trans>}><Trans>What you begin stands here, with all its editions.</Trans></EmptyState>
                : (
                  <Box style={{overflowX: 'auto'}} tabIndex={0} role="region" aria-label={t`Editions`}>
                    <Table verticalSpacing="xs" miw={560}>
                      <Table.Thead><Table.Tr><Table.Th><Trans>Title</Trans></Table.Th><Table.Th><Trans>Short name</Trans></Table.Th><Table.Th><Trans>Edition</Trans></Table.Th><Table.Th><Trans>State</Trans></Table.Th><Table.Th><Trans>Changed</Trans></Table.Th></Table.Tr></Table.Thead>
                      <Table.Tbody>
                        {rows.map((row) => (
                          <Table.Tr key={row.id}>
                            <Table.Td><Anchor component={Link} to={`/surveys/own/${row.id}`} fw={600}>{row.title || t`Untitled questionnaire`}</Anchor></Table.Td>
                            <Table.Td><Text size="sm" c="dimmed">{row.survey}</Text></Table.Td>
                            <Table.Td className="py-number">{row.edition}</Table.Td>
                            <Table.Td><StateBadge state={row.state} /></Table.Td>
                            <Table.Td>{date(row.updated)}</Table.Td>
                          </Table.Tr>
                        ))}
                      </Table.Tbody>
                    </Table>
                  </Box>
                )}
          </Card>
        </Stack>
      )}
    </Page>
  );
}
