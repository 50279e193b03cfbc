import {Trans, useLingui} from '@lingui/react/macro';
import {Text} from '@mantine/core';
import type {Model} from '@/shared/jobs/useModels';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {tell} from '@/shared/ui/toasts';
import {useModelDeeds, type ModelChange} from './queries';

/** Promotion and rollback, for administrators. */
export function Deeds({model}: {model: Model}) {
  const {t} = useLingui();
  const {promote, rollBack} = useModelDeeds();
  const told = (change: ModelChange) => tell(change.in_use ? <Trans>Expressions are read by {change.now} from now on.</Trans> : <Trans>{change.now} is promoted; start the server anew to use it.</Trans>);
  const isExpression = model.origin === 'added' || model.name === 'expression';
  if (!isExpression) return null;
  // Two keys: one question must not turn into the other under the pointer while it closes.
  return model.meant_by.includes('expression') ? (
    <ConfirmButton key="back" title={t`Roll back?`} verb={t`Roll back`} onConfirm={async () => { await rollBack.mutateAsync('expression').then(told, () => undefined); }}
      question={<Trans>Expressions are read again by what was in use before {model.reference}. Sessions that run keep their model.</Trans>}><Trans>Roll back</Trans></ConfirmButton>
  ) : (
    <ConfirmButton key="promote" variant="filled" title={t`Promote ${model.reference}?`} verb={t`Promote`} onConfirm={async () => { await promote.mutateAsync({model: model.reference, as: 'expression'}).then(told, () => undefined); }}
      question={<><Text span size="sm"><Trans>From now on new sessions, pictures and jobs are read by it; sessions that run keep their model. Its self-test must pass. Look at the comparison and the audit first. It can be rolled back.</Trans></Text></>}><Trans>Promote</Trans></ConfirmButton>
  );
}
