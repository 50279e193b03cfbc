// A teacher's saved outputs (Hinton et al. 2015): made once, learnt from by any number of students.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "datasets/samples.hpp"
#include "pyro/base/result.hpp"

namespace pyro::training {

// What the network says of every distinct picture of `data` but its test parts, the mean over the picture and
// its mirror image, as arrays "product" and "fer2013" [n, 7] and "pixels" [n, 2]: a hash that finds the
// picture again. Returns {"n", "out"}. Errors: bad weights or data, a file that cannot be written.
Result<nlohmann::json> save_outputs(const std::filesystem::path& weights, const std::vector<Source>& data,
                                    const std::filesystem::path& out);

// Gives each sample the mean of what these files say of it; samples that no file knows keep no teacher.
// Errors (bad_input): a file is damaged, or knows none of the samples.
Status add_teachers(std::vector<Sample>& samples, const std::vector<std::filesystem::path>& files);

}  // namespace pyro::training
