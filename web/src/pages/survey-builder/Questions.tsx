import {Trans, useLingui} from '@lingui/react/macro';
import {ActionIcon, Button, Checkbox, Group, SegmentedControl, Select, Stack, Text, Textarea, TextInput} from '@mantine/core';
import {IconArrowDown, IconArrowUp, IconPlus, IconTrash} from '@tabler/icons-react';
import {Card} from '@/shared/ui/Card';
import {kMostItems, withAnswers, withItem, withItemMoved, withoutItem, withoutLanguage, withWording} from './edit';
import {idOf, useField} from './fields';
import type {Draft} from './queries';
import classes from './builder.module.css';

type Edit = (change: (before: Draft) => Draft) => void;
export interface SectionProps {
  draft: Draft;
  edit: Edit;
}

const kOffered = ['en', 'es', 'de', 'fr', 'it', 'pt', 'ca'];
const replaced = (texts: readonly string[], at: number, text: string) => texts.map((each, index) => (index === at ? text : each));

export function useLanguageName() {
  return (code: string) => new Intl.DisplayNames([code], {type: 'language'}).of(code) ?? code;
}

/** In which language one writes now, and which there are. */
export function LanguageBar({draft, edit, language, onLanguage}: {draft: Draft; edit?: Edit; language: string; onLanguage: (language: string) => void}) {
  const {t} = useLingui();
  const nameOf = useLanguageName();
  const there = Object.keys(draft.wording ?? {});
  const more = kOffered.filter((each) => !there.includes(each));
  return (
    <Group gap="sm" align="flex-end">
      {there.length > 0 && <SegmentedControl aria-label={t`Language of the wording`} value={language} onChange={onLanguage} data={there.map((code) => ({value: code, label: nameOf(code)}))} />}
      {edit && more.length > 0 && (
        <Select w={190} aria-label={t`Add a language`} placeholder={t`Add a language`} value={null} data={more.map((code) => ({value: code, label: nameOf(code)}))}
          onChange={(code) => { if (code) { edit((before) => withWording(before, code, {})); onLanguage(code); } }} />
      )}
      {edit && there.length > 0 && (
        <Button variant="subtle" color="gray" c="var(--py-ink-soft)" onClick={() => { edit((before) => withoutLanguage(before, language)); onLanguage(there.find((each) => each !== language) ?? ''); }}>
          <Trans>Remove {nameOf(language)}</Trans>
        </Button>
      )}
    </Group>
  );
}

/** The answers that every question has: how many, from which number on, and what each is called. */
export function Answers({draft, edit, language}: SectionProps & {language: string}) {
  const {t} = useLingui();
  const field = useField();
  const {min, max} = draft.answers;
  const wording = draft.wording?.[language];
  const counts = [...new Set([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, max - min + 1])].filter((each) => each > 0).sort((a, b) => a - b);
  return (
    <Card title={<Trans>Answers</Trans>} lead={<Trans>The same for every question. Numbers are what scores are made of.</Trans>}>
      <Stack gap="sm">
        <Group grow align="flex-start">
          <Select id={idOf('/answers/max')} error={field('/answers/max').error} label={<Trans>How many answers</Trans>} allowDeselect={false} value={String(max - min + 1)} data={counts.map(String)}
            onChange={(next) => next && edit((before) => withAnswers(before, before.answers.min, Number(next)))} />
          <Select label={<Trans>The first one counts</Trans>} allowDeselect={false} value={String(min)} data={[...new Set([0, 1, min])].sort((a, b) => a - b).map(String)}
            onChange={(next) => next && edit((before) => withAnswers(before, Number(next), before.answers.max - before.answers.min + 1))} />
        </Group>
        {wording && (
          <div className={classes.labels} lang={language}>
            {wording.answers.map((label, at) => (
              <TextInput key={at} {...field(`/wording/${language}/answers/${at}`)} label={<span className="py-number">{min + at}</span>} aria-label={t`Label of ${min + at}`} maxLength={300} value={label}
                onChange={({currentTarget: {value}}) => edit((before) => withWording(before, language, {answers: replaced(before.wording![language]!.answers, at, value)}))} />
            ))}
          </div>
        )}
        <TextInput {...field('/answers/coding')} label={<Trans>What the numbers stand for</Trans>} description={<Trans>For whoever reads the data; follows the labels until you write your own</Trans>} maxLength={300} value={draft.answers.coding}
          onChange={({currentTarget: {value}}) => edit((before) => ({...before, answers: {...before.answers, coding: value}}))} />
      </Stack>
    </Card>
  );
}

export function Questions({draft, edit, language}: SectionProps & {language: string}) {
  const {t} = useLingui();
  const field = useField();
  const wording = draft.wording?.[language];
  const inNoScale = field('/items').error;
  return (
    <Card title={<Trans>Questions</Trans>} lead={<Trans>A turned question counts the other way round: full agreement with “I slept well” is no strain.</Trans>}>
      <Stack gap="sm">
        {wording ? (
          <Textarea {...field(`/wording/${language}/instruction`)} lang={language} label={<Trans>Introduction</Trans>} description={<Trans>Read before the questions; may be left out</Trans>} autosize minRows={2} maxLength={2000} value={wording.instruction ?? ''}
            onChange={({currentTarget: {value}}) => edit((before) => withWording(before, language, {instruction: value}))} />
        ) : <Text size="sm"><Trans>Without wording, a clinician enters answers from a sheet by their numbers, and nobody can answer alone. Add a language to write the questions here.</Trans></Text>}
        {Array.from({length: draft.items}, (_, at) => (
          <div key={at} className={classes.question} role="group" aria-label={t`Question ${at + 1}`}>
            <Text className="py-number" fw={600} pt={6}>{at + 1}</Text>
            <div>
              {wording && <Textarea {...field(`/wording/${language}/items/${at}`)} lang={language} aria-label={t`Question ${at + 1}`} autosize minRows={1} maxLength={2000} value={wording.items[at] ?? ''}
                onChange={({currentTarget: {value}}) => edit((before) => withWording(before, language, {items: replaced(before.wording![language]!.items, at, value)}))} />}
              <Checkbox mt={6} size="sm" label={<Trans>turned</Trans>} aria-label={t`Question ${at + 1} is turned`} checked={draft.reverse.includes(at + 1)}
                onChange={({currentTarget: {checked}}) => edit((before) => ({...before, reverse: checked ? [...before.reverse, at + 1].sort((a, b) => a - b) : before.reverse.filter((item) => item !== at + 1)}))} />
            </div>
            <Group gap={2} wrap="nowrap">
              <ActionIcon variant="subtle" color="gray" disabled={at === 0} aria-label={t`Question ${at + 1} up`} onClick={() => edit((before) => withItemMoved(before, at + 1, -1))}><IconArrowUp size={16} aria-hidden /></ActionIcon>
              <ActionIcon variant="subtle" color="gray" disabled={at + 1 === draft.items} aria-label={t`Question ${at + 1} down`} onClick={() => edit((before) => withItemMoved(before, at + 1, 1))}><IconArrowDown size={16} aria-hidden /></ActionIcon>
              <ActionIcon variant="subtle" color="gray" disabled={draft.items === 1} aria-label={t`Remove question ${at + 1}`} onClick={() => edit((before) => withoutItem(before, at + 1))}><IconTrash size={16} aria-hidden /></ActionIcon>
            </Group>
          </div>
        ))}
        {inNoScale && <Text size="sm" c="var(--mantine-color-error)">{inNoScale}</Text>}
        <Group>
          <Button id={idOf('/items')} variant="default" leftSection={<IconPlus size={16} aria-hidden />} disabled={draft.items >= kMostItems} onClick={() => edit(withItem)}><Trans>Add a question</Trans></Button>
        </Group>
      </Stack>
    </Card>
  );
}
