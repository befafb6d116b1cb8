import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { chooseLocale } from './locales.ts';
import { zh } from './zh.ts';

type Tree = { readonly [key: string]: string | Tree };

function flatten(tree: Tree, path = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${path}${key}`, value] as const] : [...flatten(value, `${path}${key}.`)],
    ),
  );
}

/** The arguments and tags a message names, without the words of its plural branches. */
function holes(message: string): readonly string[] {
  const names = [...message.matchAll(/\{(\w+)(?:\}|, plural)/g)].map((match) => match[1] ?? '');
  const tags = [...message.matchAll(/<(\w+)>/g)].map((match) => `<${match[1]}>`);
  return [...new Set([...names, ...tags])].toSorted();
}

describe('the two languages', () => {
  const english = flatten(en);
  const chinese = flatten(zh);
  it('have the same messages', () => expect([...chinese.keys()].toSorted()).toEqual([...english.keys()].toSorted()));
  it('name no value in Chinese that English does not give', () => {
    const wrong = [...chinese]
      .filter(([key, message]) => holes(message).some((hole) => !holes(english.get(key) ?? '').includes(hole)))
      .map(([key]) => key);
    expect(wrong).toEqual([]);
  });
  it('leave no message untranslated but the words of the protocol', () => {
    const kept = /^[\x00-\x7f{}]*$/;
    const same = [...chinese].filter(([key, message]) => english.get(key) === message && !kept.test(message)).map(([key]) => key);
    expect(same).toEqual([]);
  });
});

describe('the language of a first visit', () => {
  it('is the one chosen before', () => expect(chooseLocale('zh', 'en-GB')).toBe('zh'));
  it('is the first of the browser that we speak', () =>
    expect([chooseLocale(undefined, 'fr-FR,zh-CN;q=0.8,en;q=0.5'), chooseLocale('xx', 'de')]).toEqual(['zh', 'en']));
  it('is English when the browser says nothing', () => expect(chooseLocale(undefined, null)).toBe('en'));
});
