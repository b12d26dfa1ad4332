import { writeFileSync } from 'node:fs';
import { generatedDocuments } from './documents/generated.js';

for (const [path, text] of Object.entries(generatedDocuments())) writeFileSync(path, text);
