import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Checkbox, Group, NumberInput, Radio, Stack, Text, TextInput, Textarea} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent, type ReactNode} from 'react';
import {api, body} from '@/api/client';
import {meQuery, type Site} from '@/app/account';
import {useModeNames} from '@/app/shell/SiteLine';
import {describe} from '@/shared/ui/problemText';

type Mode = Site['mode'];

/** What each mode means, in words that need no lawyer, and an example of the basis that goes with it. */
export function useModeTexts(): Record<Mode, {who: string; basis: string}> {
  const {t} = useLingui();
  return {
    personal: {who: t`Only the participants see what is about them. For people who follow themselves.`, basis: t`The participant's own explicit consent.`},
    clinical: {who: t`The participant, and the clinician they chose. For practices, clinics and occupational health.`, basis: t`Explicit consent, for care or occupational medicine by a professional bound to secrecy; emotion is inferred at work only for medical or safety reasons.`},
    research: {who: t`Researchers see pseudonyms of people who agreed, in an approved study.`, basis: t`Explicit consent to an approved study; write the committee and the number of its approval.`},
    fatigue_and_surveys: {who: t`No expression of a face is computed at all: only tiredness of the eyes and questionnaires. For workplaces.`, basis: t`Explicit consent, for safety and health at work; no emotion is inferred.`},
  };
}

interface Props {
  site: Site;
  /** The word on the button that saves. */
  verb: ReactNode;
  onSaved: (site: Site) => void;
  /** Beside the button that saves. */
  aside?: ReactNode;
  /** Only what the first run asks for. */
  brief?: boolean;
}

/** The site's name, mode with its legal basis, and how many people a group needs. */
export function SiteForm({site, verb, onSaved, aside, brief = false}: Props) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const names = useModeNames();
  const texts = useModeTexts();
  const [name, setName] = useState(site.name);
  const [mode, setMode] = useState<Mode>(site.mode);
  const [basis, setBasis] = useState(site.legal_basis);
  const [k, setK] = useState<number | string>(site.k);
  const [scores, setScores] = useState(site.leads_may_see_scores);
  const [approved, setApproved] = useState(site.research_approved);
  const save = useMutation({
    mutationFn: () => body(api.PATCH('/api/v1/site', {
      params: {header: {'If-Match': `"${site.version}"`}},
      body: {name: name.trim(), mode, legal_basis: basis.trim(), k: Number(k), leads_may_see_scores: scores, research_approved: approved},
    })),
    onSuccess: (next) => {
      void queryClient.invalidateQueries(meQuery);
      onSaved(next);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const kWrong = !Number.isInteger(Number(k)) || Number(k) < 5 || Number(k) > 1000;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {save.error && <Alert color="red" variant="light" role="alert">{describe(save.error)}</Alert>}
        <TextInput label={<Trans>Name of this site</Trans>} description={<Trans>Shown on every page and report, such as the name of the clinic.</Trans>} maxLength={200} value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <Radio.Group label={<Trans>What this site is for</Trans>} description={<Trans>Its mode. It decides who may see what, stands on every page, and can be changed later; what is then no longer allowed ends at once.</Trans>} value={mode} onChange={(value) => setMode(value as Mode)}>
          <Stack gap="xs" mt="xs">
            {(Object.keys(texts) as Mode[]).map((each) => (
              <Radio.Card key={each} value={each} p="sm" radius="md" bg={mode === each ? 'var(--mantine-primary-color-light)' : 'var(--py-paper)'}>
                <Group wrap="nowrap" align="flex-start">
                  <Radio.Indicator mt={2} />
                  <div><Text size="sm" fw={600}>{names[each]}</Text><Text size="sm" c="dimmed">{texts[each].who}</Text></div>
                </Group>
              </Radio.Card>
            ))}
          </Stack>
        </Radio.Group>
        <Textarea label={<Trans>Legal basis</Trans>} description={<Trans>In your own words; everybody here can read it. For this mode, for example: {texts[mode].basis}</Trans>} autosize minRows={2} maxLength={10_000} value={basis} onChange={(e) => setBasis(e.currentTarget.value)} />
        {mode === 'research' && <Checkbox checked={approved} onChange={(e) => setApproved(e.currentTarget.checked)} label={<Trans>A committee has approved the study</Trans>} description={<Trans>Without it, researchers see nobody's data.</Trans>} />}
        <NumberInput label={<Trans>Smallest group</Trans>} description={<Trans>Figures of a team are told only from this many people on who agreed to be counted. 10 is a good number.</Trans>} min={5} max={1000} maw={220} value={k} onChange={setK} error={kWrong && <Trans>From 5 to 1,000</Trans>} allowDecimal={false} />
        {!brief && mode !== 'fatigue_and_surveys' && mode !== 'personal' && (
          <Checkbox checked={scores} onChange={(e) => setScores(e.currentTarget.checked)} label={<Trans>Leads of organisations may see the mean index of their teams</Trans>} description={<Trans>Only where your legal basis covers it. It comes from faces; in the European Union, inferring emotions of people at work is forbidden except for medical or safety reasons.</Trans>} />
        )}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!name.trim() || !basis.trim() || kWrong}>{verb}</Button>
          {aside}
        </Group>
        {(!name.trim() || !basis.trim()) && <Text size="xs" c="dimmed">{t`Name and legal basis are needed.`}</Text>}
      </Stack>
    </form>
  );
}
