// What stands beside every number that a person may read.
#pragma once

namespace pyro {

inline constexpr char kNotice[] =
    "Not a diagnosis: it measures what a face expresses; light, angle and who was in the training data "
    "change the numbers.";

}  // namespace pyro
