/** The text on one line: control characters, which could command a terminal, as `\u0007`. */
export function printable(text: string): string {
  let safe = '';
  for (const sign of text) {
    const unit = sign.codePointAt(0) ?? 0;
    const barred = unit < 0x20 || (unit >= 0x7f && unit < 0xa0) || unit === 0x2028 || unit === 0x2029;
    safe += barred ? `\\u${unit.toString(16).padStart(4, '0')}` : sign;
  }
  return safe;
}
