-- AlterTable
ALTER TABLE "ReplayJob" ADD COLUMN "summary" TEXT NOT NULL DEFAULT '';
