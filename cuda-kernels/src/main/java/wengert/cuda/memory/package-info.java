/// The card's memory: blocks that are used again and again, and the way of data to the card and back.
package wengert.cuda.memory;
