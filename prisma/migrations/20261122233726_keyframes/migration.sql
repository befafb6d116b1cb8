-- CreateTable
CREATE TABLE "Keyframe" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "clusterId" TEXT NOT NULL,
    "atMs" BIGINT NOT NULL,
    "sizeBytes" INTEGER NOT NULL,
    "picture" BLOB NOT NULL,
    "seconds" TEXT NOT NULL
);

-- CreateIndex
CREATE INDEX "Keyframe_clusterId_atMs_idx" ON "Keyframe"("clusterId", "atMs");
