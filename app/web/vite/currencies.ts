// Writes src/api/currencies.ts from the API's description: the codes, and which have not two decimals.
import { readFileSync, writeFileSync } from 'node:fs';

interface Described {
  components: {
    schemas: { Currency: { enum: string[]; 'x-outlay-decimals': Record<string, number> } };
  };
}

const described = JSON.parse(readFileSync('openapi.json', 'utf8')) as Described;
const currency = described.components.schemas.Currency;
writeFileSync(
  'src/api/currencies.ts',
  `// Made by \`make api\` from the API's description; do not edit.
export const CURRENCIES: readonly string[] = '${currency.enum.join(' ')}'.split(' ');
/** Currencies with other than two decimals (ISO 4217). */
export const DECIMALS: Readonly<Record<string, number>> = ${JSON.stringify(currency['x-outlay-decimals'], null, 2)};
`,
);
