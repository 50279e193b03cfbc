// What a small device needs to run the program: detector, mesh, facial actions, geometry and one expression
// model, with a manifest of their checksums and their licences. The program runs from it alone (--models).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/registry/registry.hpp"

namespace pyro::registry {

struct EdgeBundle {
  std::vector<std::pair<std::string, std::string>> files;  // path in the bundle and content, by path
  std::vector<infer::ModelEntry> models;                   // as its manifest has them
};

// Every model's files are verified and the expression model passes its self-test. `model`: by name or
// name@version; in the bundle it answers to "expression" as well. `map`: of its embeddings, or empty. Errors:
// those of the store; the licence's text is not beside the models.
[[nodiscard]] Result<EdgeBundle> make_edge_bundle(const Place& place, std::string_view model,
                                                  std::string_view map = {});

// `out` ends in .tar.gz: an archive (the same bytes for the same models) with everything in one folder; else
// a folder, which must not exist or be empty. Appears as a whole. Errors: wrong_use (the folder is not
// empty), failed (cannot be written).
[[nodiscard]] Status write_edge_bundle(const EdgeBundle& bundle, const std::filesystem::path& out);

}  // namespace pyro::registry
