// An upload that comes in pieces: each is sealed and on the disk before it counts, so a kill of the server or
// a cut of the network takes nothing that was acknowledged. Which of them count stands in the upload's row.
#pragma once

#include <cstdint>
#include <filesystem>

#include "pyro/base/result.hpp"
#include "pyro/security/seal.hpp"

namespace pyro::jobs {

// `offset`: of its first byte within the upload. Replaces one that was kept but not acknowledged.
[[nodiscard]] Status keep_piece(const std::filesystem::path& pieces, std::int64_t offset,
                                const std::filesystem::path& plain, const security::SealKey& key);
// All `bytes` of it, in the clear, into `out`. Error (failed): a piece is missing or does not fit.
[[nodiscard]] Status join_pieces(const std::filesystem::path& pieces, std::int64_t bytes,
                                 const std::filesystem::path& out, const security::SealKey& key);

}  // namespace pyro::jobs
