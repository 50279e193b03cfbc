import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Alert, Anchor, Badge, Button, List, SegmentedControl, Skeleton, Stack, Text} from '@mantine/core';
import {useMediaQuery} from '@mantine/hooks';
import {IconAlertTriangle, IconCheck, IconTrash} from '@tabler/icons-react';
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {useNavigate, useParams} from '@tanstack/react-router';
import {useState} from 'react';
import {api, body} from '@/api/client';
import {Problem} from '@/api/problem';
import {currentLanguage} from '@/i18n';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {describe} from '@/shared/ui/problemText';
import {tell, tellFailure} from '@/shared/ui/toasts';
import {FaultsProvider, idOf, useFaultText, usePlaceName} from './fields';
import {Preview} from './Preview';
import {Published} from './Published';
import {editionQuery, editionsKey, unchanged, type Edition} from './queries';
import {Answers, LanguageBar, Questions} from './Questions';
import {Scales} from './Scales';
import {About, Sources} from './Sources';
import {useEdition} from './useEdition';
import classes from './builder.module.css';

const kShown = 8;

function LeftToDo({row, onGo}: {row: Edition; onGo: (at: string) => void}) {
  const text = useFaultText();
  const place = usePlaceName(row.definition);
  if (row.faults.length === 0) return <Alert variant="light" color="petrol" icon={<IconCheck aria-hidden />} title={<Trans>Nothing is missing</Trans>}><Trans>Try it beside, then publish it.</Trans></Alert>;
  return (
    <Card title={<Trans>Left to do</Trans>} aside={<Badge variant="light" color="gray" tt="none"><Plural value={row.faults.length} one="# thing" other="# things" /></Badge>}>
      <List size="sm" spacing={4}>
        {row.faults.slice(0, kShown).map((fault) => (
          <List.Item key={`${fault.at} ${fault.rule} ${fault.value}`}>
            <Anchor component="button" type="button" size="sm" ta="start" underline="always" onClick={() => onGo(fault.at)}>{place(fault.at)}</Anchor>: {text(fault)}
          </List.Item>
        ))}
      </List>
      {row.faults.length > kShown && <Text size="sm" c="dimmed" mt={4}><Plural value={row.faults.length - kShown} one="and # more" other="and # more" /></Text>}
    </Card>
  );
}

function Editor({first, onPublished, onReload}: {first: Edition; onPublished: (row: Edition) => void; onReload: () => void}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const {row, draft, edit, flush, dirty, busy, stale, error, forget} = useEdition(first);
  const there = Object.keys(draft.wording ?? {});
  const [chosen, setChosen] = useState<string>(currentLanguage());
  const language = there.includes(chosen) ? chosen : (there[0] ?? '');
  const [all, setAll] = useState(false);
  const [part, setPart] = useState<'build' | 'try'>('build');
  const wide = useMediaQuery('(min-width: 75em)', true);

  const go = (at: string) => {
    const [, first, code] = at.split('/');
    if (first === 'wording' && code) setChosen(code);
    setPart('build');
    setAll(true);
    // The nearest field there is: a fault may stand deeper than the form goes.
    setTimeout(() => {
      for (let place = at; place; place = place.slice(0, place.lastIndexOf('/'))) {
        const element = document.getElementById(idOf(place));
        if (element) {
          element.scrollIntoView({block: 'center'});
          element.focus({preventScroll: true});
          return;
        }
      }
    }, 50);
  };
  const publish = async () => {
    try {
      const kept = await flush();
      if (kept.faults.length > 0) {
        setAll(true);
        return go(kept.faults[0]!.at);
      }
      const now = await body(api.POST('/api/v1/survey-definitions/{definition}/publication', {params: unchanged(kept)}));
      tell(<Trans>It can be answered now.</Trans>);
      void queryClient.invalidateQueries({queryKey: ['surveys']});
      void queryClient.invalidateQueries({queryKey: ['survey', row.survey]});
      onPublished(now);
    } catch (failure) {
      tellFailure(failure);
    }
  };
  const discard = async () => {
    try {
      await api.DELETE('/api/v1/survey-definitions/{definition}', {params: {path: {definition: row.id}}});
      forget();
      void queryClient.invalidateQueries({queryKey: editionsKey, exact: true});
      void navigate({to: '/surveys/own'});
    } catch (failure) {
      tellFailure(failure);
    }
  };
  const saved = stale ? null : error && !busy ? <Trans>Not saved: {describe(error)}</Trans> : dirty || busy ? <Trans>Saving …</Trans> : <Trans>Saved as a draft</Trans>;

  return (
    <Page title={draft.title || t`Untitled questionnaire`} lead={<>{row.survey} · <Trans>Edition {row.edition}</Trans> · <span role="status">{saved}</span></>} actions={
      <>
        <ConfirmButton title={t`Throw this draft away?`} question={<Trans>What was published before stays as it is. The draft cannot be brought back.</Trans>} verb={t`Throw away`} onConfirm={discard} leftSection={<IconTrash size={16} aria-hidden />}><Trans>Throw away</Trans></ConfirmButton>
        <ConfirmButton variant="filled" title={t`Publish this edition?`} verbColor="petrol" verb={t`Publish`} onConfirm={publish} disabled={stale}
          question={<Trans>From now on it is answered at this site, and answers are counted by it. It cannot be changed afterwards: a change becomes the next edition.</Trans>}><Trans>Publish …</Trans></ConfirmButton>
      </>
    }>
      <FaultsProvider faults={row.faults} all={all}>
        {stale && (
          <Alert color="red" variant="light" role="alert" mb="lg" icon={<IconAlertTriangle aria-hidden />} title={<Trans>Somebody else has changed this draft</Trans>}>
            <Trans>What you typed since is not kept on the server.</Trans>{' '}
            <Button size="compact-sm" variant="default" onClick={() => { forget(); onReload(); }}><Trans>Load theirs</Trans></Button>
          </Alert>
        )}
        {!wide && <SegmentedControl fullWidth mb="md" aria-label={t`Part of the page`} value={part} onChange={(next) => setPart(next as 'build' | 'try')} data={[{value: 'build', label: t`Build`}, {value: 'try', label: t`Try it`}]} />}
        <div className={classes.columns}>
          {(wide || part === 'build') && (
            <Stack gap="lg" miw={0}>
              <LeftToDo row={row} onGo={go} />
              <About draft={draft} edit={edit} />
              <LanguageBar draft={draft} edit={edit} language={language} onLanguage={setChosen} />
              <Answers draft={draft} edit={edit} language={language} />
              <Questions draft={draft} edit={edit} language={language} />
              <Scales draft={draft} edit={edit} />
              <Sources draft={draft} edit={edit} />
            </Stack>
          )}
          {(wide || part === 'try') && <div className={classes.preview} tabIndex={0} role="region" aria-label={t`Preview`}><Preview row={row} draft={draft} settled={!dirty && !busy} language={language} /></div>}
        </div>
      </FaultsProvider>
    </Page>
  );
}

/** One edition: a draft to be written, or what was published, which stays as it is. */
export default function EditPage() {
  const {t} = useLingui();
  const {definition} = useParams({strict: false}) as {definition: string};
  const queryClient = useQueryClient();
  const edition = useQuery({...editionQuery(definition), refetchOnWindowFocus: false, retry: (count, failure) => !(failure instanceof Problem && failure.status < 500) && count < 3});
  const [round, setRound] = useState(0);
  if (edition.isError) return <Failure error={edition.error} retry={() => void edition.refetch()} />;
  if (edition.isPending) return <Page title={t`Questionnaire`}><Skeleton height={480} /></Page>;
  const put = (row: Edition) => {
    queryClient.setQueryData(editionQuery(definition).queryKey, row);
    void queryClient.invalidateQueries({queryKey: editionsKey});
  };
  const reload = async () => {
    await edition.refetch();
    setRound(round + 1);
  };
  return edition.data.state === 'draft' ? <Editor key={`${definition}${round}`} first={edition.data} onPublished={put} onReload={() => void reload()} /> : <Published row={edition.data} onChanged={put} />;
}
