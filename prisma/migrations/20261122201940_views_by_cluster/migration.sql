-- A view belongs to a cluster. Views saved before this one were made on the only cluster there was.
CREATE TABLE "new_SavedView" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "clusterId" TEXT NOT NULL,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "search" TEXT NOT NULL,
    "createdAtMs" BIGINT NOT NULL
);
INSERT INTO "new_SavedView" ("id", "clusterId", "page", "name", "search", "createdAtMs")
    SELECT "id", 'embedded', "page", "name", "search", "createdAtMs" FROM "SavedView";
DROP TABLE "SavedView";
ALTER TABLE "new_SavedView" RENAME TO "SavedView";

-- CreateIndex
CREATE UNIQUE INDEX "SavedView_clusterId_page_name_key" ON "SavedView"("clusterId", "page", "name");
