/** Exact money: decimal text as the API speaks it, computed with in minor units (bigint). */

import { DECIMALS } from '../api/currencies';

/** How many decimals a currency has (ISO 4217). */
export function decimalsOf(currency: string): number {
  return DECIMALS[currency] ?? 2;
}

/** Decimal text in minor units; the text must be as the API writes it. */
export function toMinor(amount: string, currency: string): bigint {
  const decimals = decimalsOf(currency);
  const negative = amount.startsWith('-');
  const [whole = '0', part = ''] = amount.replace('-', '').split('.');
  const minor = BigInt(whole + part.padEnd(decimals, '0').slice(0, decimals));
  return negative ? -minor : minor;
}

/** Minor units as decimal text with all the currency's decimals. */
export function fromMinor(minor: bigint, currency: string): string {
  const decimals = decimalsOf(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const text = decimals ? `${whole}.${digits.slice(-decimals)}` : whole;
  return minor < 0n ? `-${text}` : text;
}

export type AmountFault =
  'empty' | 'syntax' | 'decimals' | 'zero' | 'negative' | 'large' | 'division';
export type Amount = { ok: true; amount: string } | { ok: false; fault: AmountFault };

/** The largest amount the API takes: 10^15 minor units. */
const MOST = 10n ** 15n;

/**
 * What was typed as an amount: a number with either decimal mark, or a sum such as `12,50+3*2`.
 * Results of arithmetic are rounded half-even; a number typed with too many decimals is a fault.
 */
export function readAmount(typed: string, currency: string): Amount {
  const text = typed.trim();
  if (!text) return { ok: false, fault: 'empty' };
  const decimals = decimalsOf(currency);
  try {
    const value = new Reader(text, decimals).all();
    if (!isArithmetic(text) && !isWhole(value, decimals)) return { ok: false, fault: 'decimals' };
    const minor = rounded(value, decimals);
    if (minor === 0n) return { ok: false, fault: 'zero' };
    if (minor < 0n) return { ok: false, fault: 'negative' };
    if (minor > MOST) return { ok: false, fault: 'large' };
    return { ok: true, amount: fromMinor(minor, currency) };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error.fault };
    throw error;
  }
}

/** Whether the text is more than one number, so that its result is worth showing. */
export function isArithmetic(text: string): boolean {
  return /[+*/×÷()−-]/.test(text.trim().replace(/^[-−]/, ''));
}

/** A number, decimal or grouped, as the digits say: "1.234,5", "1,234.5", "1 234,5", "1234.5". */
export function readNumber(text: string, decimals: number): Ratio {
  const plain = text.replace(/[\s'’_]/g, '');
  if (!/^\d*([.,]\d*)*$/.test(plain) || !/\d/.test(plain)) throw new Fault('syntax');
  const marks = plain.replace(/\d/g, '');
  const mark = decimalMark(plain, marks, decimals);
  if (mark === undefined) return { top: BigInt(grouped(plain)), bottom: 1n };
  const at = plain.lastIndexOf(mark);
  const [whole, part] = [grouped(plain.slice(0, at)), plain.slice(at + 1)];
  return { top: BigInt((whole || '0') + part), bottom: 10n ** BigInt(part.length) };
}

function decimalMark(plain: string, marks: string, decimals: number): string | undefined {
  const last = marks.at(-1);
  if (last === undefined) return undefined;
  const times = [...marks].filter((mark) => mark === last).length;
  if (times > 1) return undefined;
  if (marks.length > 1) return last;
  const tail = plain.length - 1 - plain.indexOf(last);
  const head = plain.indexOf(last);
  // "1.234" euros are a thousand and some: nobody types a third decimal that there is not.
  return tail === 3 && decimals !== 3 && head >= 1 && head <= 3 && plain[0] !== '0'
    ? undefined
    : last;
}

function grouped(text: string): string {
  if (/[.,]/.test(text) && !/^\d{1,3}([.,])\d{2,3}(\1?[.,]?\d{2,3})*$/.test(text)) {
    throw new Fault('syntax');
  }
  return text.replace(/[.,]/g, '');
}

interface Ratio {
  top: bigint;
  bottom: bigint;
}

class Fault extends Error {
  constructor(readonly fault: AmountFault) {
    super(fault);
  }
}

function isWhole({ top, bottom }: Ratio, decimals: number): boolean {
  return (top * 10n ** BigInt(decimals)) % bottom === 0n;
}

function rounded({ top, bottom }: Ratio, decimals: number): bigint {
  const scaled = top * 10n ** BigInt(decimals);
  const negative = scaled < 0n !== bottom < 0n;
  const [size, by] = [scaled < 0n ? -scaled : scaled, bottom < 0n ? -bottom : bottom];
  const [quotient, rest] = [size / by, size % by];
  const up = 2n * rest > by || (2n * rest === by && quotient % 2n === 1n);
  const result = up ? quotient + 1n : quotient;
  return negative ? -result : result;
}

/** Recursive descent over sum := product (+|- product)*, product := factor (*|/ factor)*. */
class Reader {
  private at = 0;
  private readonly text: string;

  constructor(
    text: string,
    private readonly decimals: number,
  ) {
    // A length beyond any sum that a person types would only keep the page busy.
    if (text.length > 200) throw new Fault('syntax');
    this.text = text.replaceAll('×', '*').replaceAll('÷', '/').replaceAll('−', '-');
  }

  all(): Ratio {
    const value = this.sum();
    if (this.peek() !== undefined) throw new Fault('syntax');
    return value;
  }

  private sum(): Ratio {
    let value = this.product();
    for (let sign = this.take('+-'); sign; sign = this.take('+-')) {
      const next = this.product();
      const top = sign === '+' ? next.top : -next.top;
      value = {
        top: value.top * next.bottom + top * value.bottom,
        bottom: value.bottom * next.bottom,
      };
    }
    return value;
  }

  private product(): Ratio {
    let value = this.factor();
    for (let sign = this.take('*/'); sign; sign = this.take('*/')) {
      const next = this.factor();
      if (sign === '/' && next.top === 0n) throw new Fault('division');
      value =
        sign === '*'
          ? { top: value.top * next.top, bottom: value.bottom * next.bottom }
          : { top: value.top * next.bottom, bottom: value.bottom * next.top };
    }
    return value;
  }

  private factor(): Ratio {
    if (this.take('-')) {
      const value = this.factor();
      return { top: -value.top, bottom: value.bottom };
    }
    if (this.take('(')) {
      const value = this.sum();
      if (!this.take(')')) throw new Fault('syntax');
      return value;
    }
    const found = /^[\d.,\s'’_]+/.exec(this.text.slice(this.at))?.[0] ?? '';
    if (!found.trim()) throw new Fault('syntax');
    this.at += found.length;
    return readNumber(found, this.decimals);
  }

  private peek(): string | undefined {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
    return this.text[this.at];
  }

  private take(signs: string): string | undefined {
    const next = this.peek();
    if (next === undefined || !signs.includes(next)) return undefined;
    this.at += 1;
    return next;
  }
}
