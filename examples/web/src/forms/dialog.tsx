import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Form } from './form';

/** A modal dialog. The browser keeps the focus inside, and returns it afterwards. */
export function Dialog({ title, onClose, children }: { title: string; onClose(): void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onCancel={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

interface ConfirmProps {
  button: string;
  title: string;
  text: string;
  onConfirm(): Promise<unknown>;
}

/** A button for what cannot be undone: it asks before. */
export function Confirm({ button, title, text, onConfirm }: ConfirmProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="danger" onClick={() => setOpen(true)}>
        {button} …
      </button>
      {isOpen && (
        <Dialog title={title} onClose={() => setOpen(false)}>
          <p>{text}</p>
          <Form button={button} kind="danger" onSubmit={onConfirm} onCancel={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  );
}
