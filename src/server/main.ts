import { join } from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { OutlookWorker } from './outlooks';
import { serve } from './serve';

// The language server's process; the editor speaks to it over the channel that it was started with.
serve(createConnection(ProposedFeatures.all), new OutlookWorker(join(__dirname, 'facts-worker.cjs')));
