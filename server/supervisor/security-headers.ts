// What every response of the console tells the browser to refuse: scripts and styles that are not the console's own, being
// shown in another site's frame, guessing at content types, and telling other sites where the reader came from. Pure.

/**
 * Scripts run when they carry this response's nonce, or when such a script loads them. Style attributes stay allowed: the
 * components place and size with them, and no text from outside becomes one.
 */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** `nonce` is base64 and new for each response. */
export function securityHeaders(nonce: string) {
  return {
    'content-security-policy': contentSecurityPolicy(nonce),
    'x-frame-options': 'DENY', // what frame-ancestors says, for browsers that don't know it
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer', // an address holds names of topics and groups, and picked records make it long
    'cross-origin-opener-policy': 'same-origin',
  } as const;
}
