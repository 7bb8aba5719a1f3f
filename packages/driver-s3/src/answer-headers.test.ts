import { expect, it } from 'vitest'
import { answerHeaders } from './answer-headers.js'

it.each([
  ['layer.tar', 'attachment; filename="layer.tar"'],
  ['a "b".tar', `attachment; filename="a _b_.tar"; filename*=UTF-8''a%20%22b%22.tar`],
  ['ä(1).tar', `attachment; filename="_(1).tar"; filename*=UTF-8''%C3%A4%281%29.tar`],
  ['a\r\nb', `attachment; filename="a__b"; filename*=UTF-8''a%0D%0Ab`],
  ['\ud800', `attachment; filename="_"; filename*=UTF-8''%EF%BF%BD`],
])('the name %j is %s', (filename, disposition) => {
  expect(answerHeaders({ expires: 1, filename })).toEqual({ type: undefined, disposition })
})

it('says nothing where nothing is asked for', () => {
  expect(answerHeaders({ expires: 1, contentType: 'text/plain' })).toEqual({ type: 'text/plain', disposition: undefined })
})
