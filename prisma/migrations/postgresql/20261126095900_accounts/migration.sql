-- CreateEnum
CREATE TYPE "OneTimeTokenPurpose" AS ENUM ('VERIFY_EMAIL', 'RESET_PASSWORD', 'CHANGE_EMAIL', 'UNDO_EMAIL_CHANGE', 'REVOKE_SESSION');

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "SecurityEventKind" ADD VALUE 'SIGNED_UP';
ALTER TYPE "SecurityEventKind" ADD VALUE 'EMAIL_VERIFIED';
ALTER TYPE "SecurityEventKind" ADD VALUE 'PASSWORD_RESET';
ALTER TYPE "SecurityEventKind" ADD VALUE 'EMAIL_CHANGE_REQUESTED';
ALTER TYPE "SecurityEventKind" ADD VALUE 'EMAIL_CHANGED';
ALTER TYPE "SecurityEventKind" ADD VALUE 'EMAIL_CHANGE_UNDONE';
ALTER TYPE "SecurityEventKind" ADD VALUE 'EMAIL_CHANGE_CANCELLED';
ALTER TYPE "SecurityEventKind" ADD VALUE 'DISPLAY_NAME_CHANGED';
ALTER TYPE "SecurityEventKind" ADD VALUE 'REAUTHENTICATED';
ALTER TYPE "SecurityEventKind" ADD VALUE 'ACCOUNT_DELETION_REQUESTED';
ALTER TYPE "SecurityEventKind" ADD VALUE 'ACCOUNT_RESTORED';

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "SessionEnd" ADD VALUE 'EMAIL_CHANGED';
ALTER TYPE "SessionEnd" ADD VALUE 'EMAIL_CHANGE_UNDONE';
ALTER TYPE "SessionEnd" ADD VALUE 'ACCOUNT_DELETED';

-- AlterTable
ALTER TABLE "Account" ADD COLUMN     "deletionAt" TIMESTAMP(3),
ADD COLUMN     "pendingEmail" TEXT;

-- AlterTable
ALTER TABLE "Session" ADD COLUMN     "authenticatedAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "SignUp" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "displayName" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "continuationHash" TEXT NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "SignUp_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OneTimeToken" (
    "id" TEXT NOT NULL,
    "purpose" "OneTimeTokenPurpose" NOT NULL,
    "email" TEXT NOT NULL,
    "accountId" TEXT,
    "signUpId" TEXT,
    "sessionId" TEXT,
    "keyId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "usedAt" TIMESTAMP(3),
    "supersededAt" TIMESTAMP(3),

    CONSTRAINT "OneTimeToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OutgoingMail" (
    "id" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "parameters" TEXT NOT NULL,
    "toAddress" TEXT NOT NULL,
    "accountId" TEXT,
    "oneTimeTokenId" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" TIMESTAMP(3),
    "sentAt" TIMESTAMP(3),
    "givenUpAt" TIMESTAMP(3),
    "lastError" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "OutgoingMail_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "SignUp_email_idx" ON "SignUp"("email");

-- CreateIndex
CREATE INDEX "SignUp_expiresAt_idx" ON "SignUp"("expiresAt");

-- CreateIndex
CREATE INDEX "OneTimeToken_accountId_purpose_idx" ON "OneTimeToken"("accountId", "purpose");

-- CreateIndex
CREATE INDEX "OneTimeToken_signUpId_idx" ON "OneTimeToken"("signUpId");

-- CreateIndex
CREATE INDEX "OneTimeToken_email_purpose_idx" ON "OneTimeToken"("email", "purpose");

-- CreateIndex
CREATE INDEX "OneTimeToken_expiresAt_idx" ON "OneTimeToken"("expiresAt");

-- CreateIndex
CREATE INDEX "OutgoingMail_nextAttemptAt_idx" ON "OutgoingMail"("nextAttemptAt");

-- CreateIndex
CREATE INDEX "OutgoingMail_accountId_idx" ON "OutgoingMail"("accountId");

-- CreateIndex
CREATE INDEX "OutgoingMail_sentAt_idx" ON "OutgoingMail"("sentAt");

-- CreateIndex
CREATE INDEX "OutgoingMail_givenUpAt_idx" ON "OutgoingMail"("givenUpAt");

-- CreateIndex
CREATE INDEX "Account_deletionAt_idx" ON "Account"("deletionAt");

-- AddForeignKey
ALTER TABLE "OneTimeToken" ADD CONSTRAINT "OneTimeToken_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OneTimeToken" ADD CONSTRAINT "OneTimeToken_signUpId_fkey" FOREIGN KEY ("signUpId") REFERENCES "SignUp"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OutgoingMail" ADD CONSTRAINT "OutgoingMail_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Accounts from before sign-up existed were created by an operator.
UPDATE "Account" SET "emailVerifiedAt" = "createdAt" WHERE "emailVerifiedAt" IS NULL;
