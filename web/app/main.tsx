import { render } from 'preact';
render(<p>Trạm</p>, document.getElementById('app')!);
import './app.css';
