/* The desk begins here. Each page is loaded when it is wanted. */
import './desk.css';
import { render } from 'preact';
import { beTrusting } from '../shared/trusted';
import { language } from '../shared/words';
import { Desk } from './desk';
import { goLive } from './lib/live';
import { watchForPeople } from './session/awake';
import { beginDesk } from './session/state';

beTrusting();
document.documentElement.lang = language();
render(<Desk />, document.getElementById('desk')!);
goLive();
watchForPeople();
void beginDesk();
