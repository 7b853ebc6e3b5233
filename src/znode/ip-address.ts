/**
 * Whether the text is an IPv4 address, alone or with the number of leading bits that count: `10.0.0.0/8`.
 * Source: IPAuthenticationProvider.isValid. IPv6 is not known here.
 */
export function isAddressRange(range: string): boolean {
  return parseRange(range) !== undefined;
}

/** Whether an address lies in a range. Source: IPAuthenticationProvider.matches. */
export function addressMatches(address: string, range: string): boolean {
  const own = parseAddress(address);
  const listed = parseRange(range);
  if (own === undefined || listed === undefined) return false;
  const mask = listed.bits === 0 ? 0 : -1 << (32 - listed.bits);
  return (own & mask) === (listed.address & mask);
}

function parseRange(range: string): { readonly address: number; readonly bits: number } | undefined {
  const slash = range.indexOf('/');
  const address = parseAddress(slash < 0 ? range : range.slice(0, slash));
  const bits = slash < 0 ? 32 : parseNumber(range.slice(slash + 1), 32);
  return address === undefined || bits === undefined ? undefined : { address, bits };
}

/** The address as a 32-bit number. */
function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    const byte = parseNumber(part, 255);
    if (byte === undefined) return undefined;
    address = (address << 8) | byte;
  }
  return address;
}

function parseNumber(text: string, max: number): number | undefined {
  if (!/^\d{1,9}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}
