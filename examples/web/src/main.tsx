import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApolloProvider } from '@apollo/client/react';
import { apollo } from './apollo';
import { App } from './app';
import { StepUpProvider } from './login/step-up';
import './styles.css';

createRoot(document.body.querySelector('#root') ?? document.body).render(
  <StrictMode>
    <ApolloProvider client={apollo}>
      <StepUpProvider>
        <App />
      </StepUpProvider>
    </ApolloProvider>
  </StrictMode>,
);
