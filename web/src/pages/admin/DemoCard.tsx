import {Trans} from '@lingui/react/macro';
import {DemoControl} from '@/shared/demo/DemoControl';
import {Card} from '@/shared/ui/Card';

export function DemoCard() {
  return (
    <Card title={<Trans>Demo data</Trans>} maw={820} lead={<Trans>Simulated people of two teams with weeks of sessions, to try everything out. They are marked everywhere, count in no figure of this site, and go as a whole.</Trans>}>
      <DemoControl />
    </Card>
  );
}
