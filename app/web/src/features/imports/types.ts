import type { components } from '../../api/schema';

type Schemas = components['schemas'];

export type Import = Schemas['Import'];
export type Detail = Schemas['ImportDetail'];
export type Row = Schemas['Row'];
export type Staged = Schemas['StagedExpense'];
export type Verdict = Row['verdict'];
export type Named = Schemas['Named'];
export type Notice = Schemas['Notice'];
/** As the service sends it: nothing is left out. */
export type Layout = Required<Schemas['Layout']>;
export type LayoutChange = Schemas['LayoutChange'];
export type ImportPatch = Schemas['ImportPatch'];
export type RowsPatch = Schemas['RowsPatch'];
export type Committed = Schemas['Committed'];
export type Reverted = Schemas['Reverted'];
export type Profile = Schemas['Profile'];
export type ImportedArchive = Schemas['ImportedArchive'];

export const VERDICTS: readonly Verdict[] = ['new', 'duplicate', 'error', 'skipped'];
