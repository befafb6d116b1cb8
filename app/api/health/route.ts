// Is the console up? Says nothing of any cluster: a lost cluster is shown by the console, not cured by restarting it.

export const dynamic = 'force-dynamic';

export function GET(): Response {
  return Response.json({ status: 'ok' });
}
