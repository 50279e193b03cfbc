import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, List, SimpleGrid, Stack, Text} from '@mantine/core';
import {IconAlertCircle} from '@tabler/icons-react';
import {useState} from 'react';
import {emotions, type Emotion} from '@/app/theme';
import {number, percent} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {Tile} from '@/shared/ui/Tile';
import {useEmotionNames} from '@/shared/ui/emotions';
import {save} from '@/shared/ui/save';
import {Against} from './Against';
import {Calibration} from './Calibration';
import {CellPictures} from './CellPictures';
import {ClassTable} from './ClassTable';
import {ConfusionMatrix} from './ConfusionMatrix';
import {classesAsCsv, confusionAsCsv, confusions, type Evaluation, type Interval} from './evaluation';

interface Props {
  evaluation: Evaluation;
  /** The job whose result it is, and the data set it was asked of, where pictures of cells can be looked for. */
  job: string;
  dataset: string | null;
}

/** A model's figures on a labelled set: how often it is right, what it takes for what, how sure it may be. */
export function EvaluationView({evaluation, job, dataset}: Props) {
  const {t} = useLingui();
  const names = useEmotionNames();
  const [cell, setCell] = useState<readonly [Emotion, Emotion] | null>(null);
  const between = ([low, high]: Interval) => t`95 % interval ${percent(low, 1)} to ${percent(high, 1)}`;
  const name = (at: number) => names[emotions[at] ?? 'neutral'];
  return (
    <Stack>
      <SimpleGrid cols={{base: 1, xs: 2, md: 4}}>
        <Tile label={t`Right`} value={percent(evaluation.accuracy, 1)} detail={between(evaluation.accuracy_95)} />
        <Tile label={t`Right, mean over classes`} value={percent(evaluation.balanced_accuracy, 1)} detail={between(evaluation.balanced_accuracy_95)} />
        <Tile label={t`F1, mean over classes`} value={number(evaluation.macro_f1, 3)} detail={t`95 % interval ${number(evaluation.macro_f1_95[0], 3)} to ${number(evaluation.macro_f1_95[1], 3)}`} />
        <Tile label={t`Pictures`} value={number(evaluation.n)} detail={evaluation.faces_missed > 0 ? t`In ${evaluation.faces_missed} no face could be read; they count as wrong` : t`A face was read in each`} />
      </SimpleGrid>
      {evaluation.against && <Card title={t`Compared with ${evaluation.against.name}`}><Against evaluation={evaluation} /></Card>}
      <Card title={t`What is taken for what`} lead={<Trans>Rows are the labels, columns what the model says. Choose a cell to see its pictures.</Trans>}>
        <Group gap="xl" align="flex-start">
          <ConfusionMatrix confusion={evaluation.confusion} onCell={(label, predicted) => setCell([label, predicted])} />
          <List size="sm" maw={420} spacing={6}>
            {confusions(evaluation.confusion).map(({truth, said, share}) => (
              <List.Item key={`${truth}-${said}`}><Trans>{percent(share)} of the pictures labelled “{name(truth)}” are taken for “{name(said)}”.</Trans></List.Item>
            ))}
          </List>
        </Group>
      </Card>
      <SimpleGrid cols={{base: 1, lg: 2}}>
        <Card title={t`Class by class`}>
          <ClassTable classes={evaluation.classes} />
          <Group mt="sm" gap="xs">
            <Button size="xs" variant="default" onClick={() => save('classes.csv', classesAsCsv(evaluation), 'text/csv')}><Trans>Classes as CSV</Trans></Button>
            <Button size="xs" variant="default" onClick={() => save('confusion.csv', confusionAsCsv(evaluation), 'text/csv')}><Trans>Matrix as CSV</Trans></Button>
          </Group>
        </Card>
        {evaluation.calibration && <Card title={t`How sure it may be`}><Calibration calibration={evaluation.calibration} /></Card>}
      </SimpleGrid>
      {evaluation.warnings.length > 0 && (
        <Alert variant="light" color="ember" icon={<IconAlertCircle aria-hidden />} title={<Trans>To be read with it</Trans>}>
          <Stack gap={4}>{evaluation.warnings.map((warning) => <Text key={warning} size="sm">{warning}</Text>)}</Stack>
        </Alert>
      )}
      <NotADiagnosis model={evaluation.model} />
      <CellPictures evaluation={evaluation} job={job} dataset={dataset} cell={cell} onClose={() => setCell(null)} />
    </Stack>
  );
}
