import type { shell as en } from '../en/shell';
import type { Part } from '../part';

export const shell: Part<typeof en> = {
  'ledger.gone': 'Das Haushaltsbuch {name} wurde gelöscht oder ist nicht mehr freigegeben',
  'outbox.newConflict': '{description} wurde auch anderswo geändert',
  'outbox.newRefused': '{description} wurde nicht angenommen',
  'outbox.look': 'Ansehen',
  'demo.made': 'Das ist das Beispiel: alles darin ist erfunden',
  'demo.remove': 'Beispiel entfernen',
  'demo.removed': 'Das Beispiel ist entfernt',
};
