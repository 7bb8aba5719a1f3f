import { describe, expect, it } from 'vitest'
import { foldText, searchTerms } from './fold-text.js'

describe('foldText', () => {
  it('folds case in any script', () => {
    for (const [upper, lower] of [['ÄPFEL', 'äpfel'], ['МОСКВА', 'москва'], ['ΣΊΣΥΦΟΣ', 'σίσυφος'], ['\u{10400}', '\u{10428}']] as const) {
      expect(foldText(upper)).toBe(foldText(lower))
    }
  })

  it('folds letters whose case changes their number or form', () => {
    for (const word of ['straße', 'STRASSE', 'STRAẞE']) expect(foldText(word)).toBe('strasse')
    expect(foldText('ΟΔΟΣΗΜΑ')).toContain(foldText('ΟΔΟΣ'))
  })

  it('makes a lone surrogate a character that can be stored', () => {
    expect(foldText('a\ud800b')).toBe('a\u{fffd}b')
  })

  it('folds width, ligatures and composition', () => {
    expect(foldText('ＡＢＣ')).toBe('abc')
    expect(foldText('oﬃce')).toBe('office')
    expect(foldText('A\u0308')).toBe('ä')
  })

  it('leaves accents and signs alone', () => {
    expect(foldText('Café-%_"\\')).toBe('café-%_"\\')
  })

  it('is stable: folding what is folded changes nothing, for every character', () => {
    const unstable: string[] = []
    for (let point = 0; point <= 0x10ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue
      const folded = foldText(String.fromCodePoint(point))
      if (foldText(folded) !== folded) unstable.push(point.toString(16))
    }
    expect(unstable).toEqual([])
  })
})

describe('searchTerms', () => {
  it('splits at white space of any kind, folds, and drops repetitions', () => {
    expect(searchTerms(' Red\tAPPLE\u00a0red\u3000ＰＩＥ\n')).toEqual(['red', 'apple', 'pie'])
  })

  it('finds no terms in white space', () => {
    expect(searchTerms(' \n\t ')).toEqual([])
  })
})
