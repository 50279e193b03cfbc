import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, NumberInput, Skeleton, Stack, Switch, Text} from '@mantine/core';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useEffect, useState} from 'react';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {Failure} from '@/shared/ui/Failure';
import {describe} from '@/shared/ui/problemText';
import {tell} from '@/shared/ui/toasts';

type Rules = components['schemas']['Retention'];
type Kind = Rules['rules'][number]['kind'];
const kinds: Kind[] = ['observations', 'images', 'notes', 'responses'];
const usual: Record<Kind, number> = {observations: 365, images: 90, notes: 3650, responses: 3650};
const queryKey = ['retention'];

/** How long what is kept. What has no rule stays until it is erased. */
export function Retention() {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const [days, setDays] = useState<Partial<Record<Kind, number>> | null>(null);
  const rules = useQuery({queryKey, queryFn: () => body(api.GET('/api/v1/retention'))});
  useEffect(() => {
    if (rules.data) setDays((now) => now ?? Object.fromEntries(rules.data.rules.map((rule) => [rule.kind, rule.days])));
  }, [rules.data]);
  const save = useMutation({
    mutationFn: () => body(api.PUT('/api/v1/retention', {body: {rules: kinds.flatMap((kind) => (days?.[kind] ? [{kind, days: days[kind]}] : []))}})),
    onSuccess: (now) => {
      queryClient.setQueryData(queryKey, now);
      tell(<Trans>The rules hold from now on.</Trans>);
    },
  });
  const names: Record<Kind, {name: string; about: string}> = {
    observations: {name: t`Frame by frame figures`, about: t`What was measured in each frame. A session's own figures stay.`},
    images: {name: t`Pictures and video`, about: t`Captures, with their place in data sets.`},
    notes: {name: t`Notes and keywords`, about: t`What was written about sessions.`},
    responses: {name: t`Answers to questionnaires`, about: t`With their scores.`},
  };
  if (rules.isPending || !days) return <Skeleton height={260} />;
  if (rules.error) return <Failure error={rules.error} retry={rules.refetch} />;
  const before = new Map(rules.data.rules.map((rule) => [rule.kind, rule.days]));
  const changed = kinds.some((kind) => before.get(kind) !== days[kind]);
  // Something that is kept now would be deleted within the hour.
  const shorter = kinds.some((kind) => days[kind] !== undefined && days[kind] < (before.get(kind) ?? Number.POSITIVE_INFINITY));
  const wrong = kinds.some((kind) => days[kind] !== undefined && !(days[kind] >= 1 && days[kind] <= 36_500));
  return (
    <Card title={<Trans>How long things are kept</Trans>} maw={820} lead={<Trans>Counted from when something came here; a session from its end. The audit log is always kept.</Trans>}>
      <Stack>
        {save.error && <Alert color="red" variant="light" role="alert">{describe(save.error)}</Alert>}
        {kinds.map((kind) => (
          <Group key={kind} justify="space-between" wrap="nowrap" py={4} style={{borderTop: '1px solid var(--py-line)'}}>
            <Switch checked={days[kind] !== undefined} label={names[kind].name} description={names[kind].about}
              onChange={(e) => {
                const {[kind]: _, ...others} = days;
                setDays(e.currentTarget.checked ? {...days, [kind]: before.get(kind) ?? usual[kind]} : others);
              }} />
            {days[kind] === undefined ? <Text size="sm" c="dimmed" w={120} ta="end"><Trans>no end</Trans></Text> : (
              <NumberInput aria-label={t`Days: ${names[kind].name}`} w={130} min={1} max={36_500} allowDecimal={false} suffix={t` days`} value={days[kind]} onChange={(value) => setDays({...days, [kind]: Number(value)})} style={{flexShrink: 0}} />
            )}
          </Group>
        ))}
        <Group>
          {shorter ? (
            <ConfirmButton variant="filled" disabled={!changed || wrong} title={t`Delete what is older?`} verb={t`Set the rules`} question={<Trans>What is older than these rules allow is deleted within the hour, for good. What people exported before stays with them.</Trans>} onConfirm={() => save.mutateAsync().then(() => undefined, () => undefined)}><Trans>Set the rules</Trans></ConfirmButton>
          ) : <Button loading={save.isPending} disabled={!changed || wrong} onClick={() => save.mutate()}><Trans>Set the rules</Trans></Button>}
        </Group>
      </Stack>
    </Card>
  );
}
