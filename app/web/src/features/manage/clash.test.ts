import { expect, test, vi } from 'vitest';

import { Problem } from '../../api/fault';
import { clashes, differences, type Reading, settled } from './clash.svelte';

interface Row {
  etag: string;
  name: string;
  hue: number;
}
const READING: Reading<Row> = {
  name: { label: () => 'Name', show: (row) => row.name },
  hue: { label: () => 'Colour', show: (row) => String(row.hue) },
};
const current: Row = { etag: '"e.2"', name: 'Meals', hue: 4 };

function stale(row: Row): Problem {
  const type = 'urn:outlay:problem:changed-meanwhile';
  const body = { type, title: '', status: 412, detail: '', errors: [], current: row };
  return new Problem(412, body);
}

/** A service that has `current`, and takes a change only on top of it. */
function sending(patch: Partial<Row>) {
  const send = vi.fn((etag: string) =>
    etag === current.etag ? Promise.resolve('done') : Promise.reject(stale(current)),
  );
  const told = (theirs: Row) => differences(patch, theirs, READING);
  return { send, answer: settled({ name: 'Food', etag: '"e.1"', send, differences: told }) };
}

test("both versions are shown, and one's own is sent on top of the other once it is chosen", async () => {
  const { send, answer } = sending({ name: 'Eating' });
  await vi.waitFor(() => expect(clashes.shown).not.toBeNull());
  expect(clashes.shown?.differences).toEqual([{ label: 'Name', mine: 'Eating', theirs: 'Meals' }]);
  clashes.shown?.choose(true);
  expect(await answer).toBe('done');
  expect(send.mock.calls).toEqual([['"e.1"'], ['"e.2"']]);
  expect(clashes.shown).toBeNull();
});

test('nothing is sent once the other version is chosen', async () => {
  const { send, answer } = sending({ name: 'Eating' });
  await vi.waitFor(() => expect(clashes.shown).not.toBeNull());
  clashes.shown?.choose(false);
  expect(await answer).toBeNull();
  expect(send).toHaveBeenCalledTimes(1);
});

test('nobody is asked where both mean the same', async () => {
  const { answer } = sending({ name: 'Meals' });
  expect(await answer).toBe('done');
});

test('what is no conflict goes on to the caller', async () => {
  const fail = () => Promise.reject(new Error('away'));
  const given = { name: 'Food', etag: '"e.1"', send: fail, differences: () => [] };
  await expect(settled(given)).rejects.toThrow('away');
});
