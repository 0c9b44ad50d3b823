// No circle of imports between files but those of the gate, whose index and texts are one machine, and the one of a consultation's
// state with its parts. Whoever cuts one takes it off this list.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { circlesIn } from './circles.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', 'server/src', 'proto/src'], { cwd: root, encoding: 'utf8' }).split('\n');
const isTest = (file) => /(^|\/)(tests?|benches)(\/|\.rs$)|_tests\.rs$/.test(file.replace(/^(server|proto)\/src\//, ''));
const product = tracked.filter((file) => file.endsWith('.rs') && !isTest(file));
const text = (file) => readFileSync(path.join(root, file), 'utf8');

const gate = ['index limits off resolve state_vector update written', 'run_list sequence'];
const consultation = 'server/src/consultation/';

test('files import each other in no circle but the known ones, in whatever folders they are', () => {
  assert.ok(product.length > 200, 'the sources are where they were');
  const circles = circlesIn(product, text);
  const isState = (circle) => circle.includes(`${consultation}state.rs`) && circle.every((file) => file.startsWith(consultation));
  assert.equal(circles.filter(isState).length, 1, 'the check sees imports between folders');
  const others = circles.filter((circle) => !isState(circle)).map((circle) => circle.map((file) => file.replace(/^proto\/src\/gate\/(\w+)\.rs$/, '$1')).join(' '));
  assert.deepEqual(others.toSorted(), gate);
});

test('a circle is seen between folders, and not where a comment or a test imports', () => {
  const files = {
    'server/src/a/one.rs': 'use crate::b::two::Two;\n',
    'server/src/b/two.rs': 'use super::three::{four::Four, Three};\n',
    'server/src/b/three/four.rs': 'pub(in crate::a::one) struct Four;\nuse super::super::super::a::one;\n',
    'server/src/b/three/mod.rs': 'use crate::a::one::One;\n',
    'server/src/c.rs': '// use crate::d::D;\n\n#[cfg(test)]\nmod tests {\n    use crate::d::D;\n}\n',
    'server/src/d.rs': 'use crate::c::C;\n',
  };
  assert.deepEqual(circlesIn(Object.keys(files), (file) => files[file]), [['server/src/a/one.rs', 'server/src/b/three/four.rs', 'server/src/b/two.rs']]);
});
