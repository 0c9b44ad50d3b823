/** Begins: the reader's words first, then the screen that the address asks for. */
import { mount } from 'svelte';
import './look/tokens.css';
import './look/base.css';
import App from './App.svelte';
import { followKeyboard } from './look/keyboard';
import { watchTyping } from './state/page/typing.svelte';
import { words } from './state/page/words.svelte';

async function begin(): Promise<void> {
  const target = document.getElementById('app');
  if (target === null) return;
  followKeyboard();
  watchTyping();
  await words.start();
  mount(App, { target });
}

void begin();
