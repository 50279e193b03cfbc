// Networks that also say where in the picture they see what they say.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "pyro/infer/model_store.hpp"

namespace pyro::infer {

// The network of that name, verified and self-tested by the store, with class activation maps [1, classes, h,
// w] behind its own outputs: one for each output that is softmax(weights · mean of the maps + bias), in their
// order. They are derived from the model's file here, so every model of that kind has them, INT8 ones too,
// and nothing is slower where they are not asked for. Run by the engine. Errors: those of
// ModelStore::compile; wrong_use where no output is of that kind.
[[nodiscard]] Result<Model> compile_with_class_maps(const ModelStore& store, std::string_view name,
                                                    Precision precision = Precision::f32);
// The same of a file with its weights beside it (.bin), of which nothing is verified; `name` is for errors.
[[nodiscard]] Result<Model> compile_with_class_maps(const std::filesystem::path& xml, const std::string& name,
                                                    Precision precision = Precision::f32);

}  // namespace pyro::infer
