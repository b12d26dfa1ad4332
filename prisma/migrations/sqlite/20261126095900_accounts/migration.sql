-- AlterTable
ALTER TABLE "Account" ADD COLUMN "deletionAt" DATETIME;
ALTER TABLE "Account" ADD COLUMN "pendingEmail" TEXT;

-- AlterTable
ALTER TABLE "Session" ADD COLUMN "authenticatedAt" DATETIME;

-- CreateTable
CREATE TABLE "SignUp" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL,
    "displayName" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "continuationHash" TEXT NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "OneTimeToken" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "purpose" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "accountId" TEXT,
    "signUpId" TEXT,
    "sessionId" TEXT,
    "keyId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "usedAt" DATETIME,
    "supersededAt" DATETIME,
    CONSTRAINT "OneTimeToken_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "OneTimeToken_signUpId_fkey" FOREIGN KEY ("signUpId") REFERENCES "SignUp" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "OutgoingMail" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "template" TEXT NOT NULL,
    "parameters" TEXT NOT NULL,
    "toAddress" TEXT NOT NULL,
    "accountId" TEXT,
    "oneTimeTokenId" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" DATETIME,
    "sentAt" DATETIME,
    "givenUpAt" DATETIME,
    "lastError" TEXT,
    "createdAt" DATETIME NOT NULL,
    CONSTRAINT "OutgoingMail_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account" ("id") ON DELETE CASCADE ON UPDATE CASCADE
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

-- Accounts from before sign-up existed were created by an operator.
UPDATE "Account" SET "emailVerifiedAt" = "createdAt" WHERE "emailVerifiedAt" IS NULL;
