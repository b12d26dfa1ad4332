// IndexedDB for the stores of front-ends, which take it from the global scope as in a browser.
import 'fake-indexeddb/auto';
