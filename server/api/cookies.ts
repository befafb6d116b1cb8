/** The value of a cookie in a Cookie header, or null. */
export function cookieOf(header: string, name: string): string | null {
  for (const part of header.split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return decodeOrNull(value.join('='));
  }
  return null;
}

/** Anybody can set a broken cookie; it then counts as none. */
function decodeOrNull(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
